import { Readable } from 'node:stream'
import type { LandedObject } from '../../functions/model/object.ts'
import type { ObjectStore } from '../../functions/parse/reading/object-store.ts'
import type { Process } from './process.ts'
import type { Errors } from './revision.ts'
import type { Copy, Landing } from './scenario.ts'
import { bucketOf } from './sources.ts'
import { Unreachable, type World } from './world.ts'

/** Objects of more bytes are read in more pieces, so that several requests of their rows are under way. */
const largeBytes = 800

/**
 * The bucket copies land in, in memory. One that lands under a name that was used takes the other's place, and copies
 * expire: what is gone cannot be read, by anyone, ever again.
 */
export class LandingBucket {
  readonly #world: World
  readonly #landing: Landing
  readonly #byName: ReadonlyMap<string, readonly Copy[]>

  constructor(world: World, copies: readonly Copy[], landing: Landing) {
    this.#world = world
    this.#landing = landing
    this.#byName = Map.groupBy(copies, landingNameOf)
  }

  /** Whether a copy can be read now. */
  holds(copy: Copy): boolean {
    const { keepsVersions, expiresAfter = Number.POSITIVE_INFINITY } = this.#landing
    const { now } = this.#world
    if (copy.landsAt > now || copy.landsAt + expiresAfter <= now) return false
    const others = this.#byName.get(landingNameOf(copy)) ?? []
    return keepsVersions || others.every((other) => other.landsAt <= copy.landsAt || other.landsAt > now)
  }

  /** The bucket as one process sees it. */
  clientFor(process: Process, errors: Errors): ObjectStore {
    const part = async (copy: Copy, piece: Buffer): Promise<Buffer> => {
      const what = `read ${landingNameOf(copy)}#${copy.generation}`
      const there = await this.#world
        .call({
          process,
          what: `${process.name} ${what}`,
          service: 'objects' as const,
          serve: () => this.holds(copy),
        })
        .catch((error: unknown) => {
          throw error instanceof Unreachable ? errors.failure('system', 'parse', 'read_failed', what) : error
        })
      if (!there) throw errors.failure('object', 'parse', 'object_missing', what)
      return piece
    }
    const parts = (copy: Copy) => this.#partsOf(copy, part, errors)
    const find = ({ name, generation }: LandedObject) =>
      this.#byName.get(name)?.find((copy) => String(copy.generation) === generation)
    return {
      read: (landed) => {
        const copy = find(landed)
        if (!copy) throw new Error(`nobody announced ${landed.name}#${landed.generation}`)
        return Readable.from(parts(copy))
      },
    }
  }

  async *#partsOf(
    copy: Copy,
    part: (copy: Copy, piece: Buffer) => Promise<Buffer>,
    errors: Errors,
  ): AsyncGenerator<Buffer> {
    const { body, fate, key } = copy.object
    const pieces = body.length > largeBytes ? 5 : 2
    const size = Math.ceil(body.length / pieces)
    for (let at = 0; at < body.length; at += size) yield await part(copy, body.subarray(at, at + size))
    if (fate === 'damaged') throw errors.failure('object', 'parse', 'corrupt_gzip', `${key} is damaged`)
  }
}

/** The name a copy lands under. */
export function landingNameOf({ object }: Copy): string {
  return `s3/${bucketOf[object.source]}/${object.key}`
}
