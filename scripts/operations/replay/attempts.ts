import { z } from 'zod'
import { objectHash } from '../../../functions/commit/ledger.ts'
import type { LedgerStore } from '../../../functions/commit/ledger-store.ts'
import type { SourceObject } from '../../../functions/model/object.ts'
import { standingOf } from '../evidence/ledger-standing.ts'

const attemptSchema = z.object({ attempt: z.int().positive(), lines: z.array(z.int().positive()) })

/** A try to load rejected lines of an object: the ledger knows it under a name of its own, and lets it load once. */
export interface Attempt {
  readonly hash: string
  readonly lines: ReadonlySet<number>
}

/** Often enough for any honest race: each round another process began one. */
const mostRounds = 20

/**
 * The try that is under way, begun here or elsewhere, or a new one. One try of an object is over before the next begins,
 * so that no line is in two of which neither knows what became of it. Undefined when no line is open.
 * @param openLines the lines that are open now: asked only when no try is under way.
 */
export async function attemptAt(
  store: LedgerStore,
  object: Pick<SourceObject, 'bucket' | 'key' | 'etag'>,
  openLines: () => Promise<readonly number[]>,
): Promise<Attempt | undefined> {
  const name = `replays/${objectHash(object)}`
  for (let round = 0; round < mostRounds; round++) {
    const found = await store.read(name)
    const last = found && attemptSchema.parse(JSON.parse(found.body))
    if (last && (await standingOf(store, hashOf(object, last.attempt))) !== 'loaded')
      return { hash: hashOf(object, last.attempt), lines: new Set(last.lines) }
    const lines = await openLines()
    if (lines.length === 0) return undefined
    const attempt = (last?.attempt ?? 0) + 1
    const body = JSON.stringify({ attempt, lines })
    const written = found ? await store.replace(name, body, found.generation) : await store.create(name, body)
    if (written.kind === 'written') return { hash: hashOf(object, attempt), lines: new Set(lines) }
  }
  throw new Error(`${name} is changed by others again and again`)
}

function hashOf({ bucket, key, etag }: Pick<SourceObject, 'bucket' | 'key' | 'etag'>, attempt: number) {
  return objectHash({ bucket, key, etag: `${etag}#rejects-${attempt}` })
}
