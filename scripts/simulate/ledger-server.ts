import { type LedgerStore, LedgerStoreError } from '../../functions/commit/ledger-store.ts'
import { type Process, Unreachable, type World } from './world.ts'

/** A bucket that honours preconditions, in memory. Each write happens at one instant, in some order. */
export class LedgerServer {
  readonly #world: World
  readonly objects = new Map<string, { body: string; generation: number }>()
  #generation = 0

  constructor(world: World) {
    this.#world = world
  }

  /** The bucket as one process sees it. */
  clientFor(process: Process): LedgerStore {
    const call = async <T>(what: string, serve: () => T): Promise<T> => {
      try {
        return await this.#world.call(process, `${process.name} ${what}`, serve)
      } catch (error) {
        if (error instanceof Unreachable) throw new LedgerStoreError('unreachable', true, error)
        throw error
      }
    }
    return {
      create: (name, body) =>
        call(`create ${name}`, () =>
          this.objects.has(name)
            ? { kind: 'exists' }
            : { kind: 'written', generation: this.#put(name, body) },
        ),
      replace: (name, body, generation) =>
        call(`replace ${name}`, () =>
          String(this.objects.get(name)?.generation) === generation
            ? { kind: 'written', generation: this.#put(name, body) }
            : { kind: 'changed' },
        ),
      read: (name) =>
        call(`read ${name}`, () => {
          const found = this.objects.get(name)
          return found && { body: found.body, generation: String(found.generation) }
        }),
    }
  }

  #put(name: string, body: string): string {
    this.#generation += 1
    this.objects.set(name, { body, generation: this.#generation })
    return String(this.#generation)
  }
}
