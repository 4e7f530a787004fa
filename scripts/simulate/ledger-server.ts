import type { LedgerStore } from '../../functions/commit/ledger-store.ts'
import type { Process } from './process.ts'
import type { Errors } from './revision.ts'
import { Unreachable, type World } from './world.ts'

interface LedgerObject {
  readonly body: string
  readonly generation: number
  readonly writtenAt: number
}

/** A bucket that honours preconditions, in memory. Each write happens at one instant, in some order. */
export class LedgerServer {
  readonly #world: World
  readonly #objects = new Map<string, LedgerObject>()
  readonly #sealedAt = new Map<string, number>()
  #generation = 0

  constructor(world: World) {
    this.#world = world
  }

  /** Whether there is an object of this name. */
  has(name: string): boolean {
    return this.#objects.has(name)
  }

  /** When the first group was sealed that holds this object, by its name in the ledger. */
  sealedAt(hash: string): number | undefined {
    return this.#sealedAt.get(hash)
  }

  /** The bucket as one process sees it. */
  clientFor(process: Process, errors: Errors): LedgerStore {
    const call = async <T>(verb: string, name: string, serve: () => T): Promise<T> => {
      const what = `${process.name} ${verb} ${name}`
      try {
        return await this.#world.call({ process, what, name, service: 'ledger', serve })
      } catch (error) {
        throw error instanceof Unreachable ? errors.ledger('unreachable') : error
      }
    }
    return {
      create: (name, body) =>
        call('create', name, () =>
          this.#objects.has(name)
            ? { kind: 'exists' }
            : { kind: 'written', generation: this.#put(name, body) },
        ),
      replace: (name, body, generation) =>
        call('replace', name, () =>
          String(this.#objects.get(name)?.generation) === generation
            ? { kind: 'written', generation: this.#put(name, body) }
            : { kind: 'changed' },
        ),
      read: (name) => call('read', name, () => this.#read(name)),
    }
  }

  #read(name: string): { body: string; generation: string; age: number } | undefined {
    const found = this.#objects.get(name)
    if (!found) return undefined
    const { body, generation, writtenAt } = found
    return { body, generation: String(generation), age: this.#world.now - writtenAt }
  }

  #put(name: string, body: string): string {
    this.#generation += 1
    const { now } = this.#world
    this.#objects.set(name, { body, generation: this.#generation, writtenAt: now })
    if (name.startsWith('groups/') && body.includes('"sealed"')) {
      for (const [hash] of body.matchAll(hashes)) if (!this.#sealedAt.has(hash)) this.#sealedAt.set(hash, now)
    }
    return String(this.#generation)
  }
}

/** Names of objects in the ledger, wherever a record has them. */
const hashes = /\b[0-9a-f]{64}\b/g
