import { createHash } from 'node:crypto'
import type { SimulatedObject } from './draw-object.ts'
import type { Servers } from './instance.ts'
import type { SeenRow } from './seen-lines.ts'
import { bucketOf } from './sources.ts'

/** An object as people name it. */
export function nameOf({ source, key, etag }: SimulatedObject): string {
  return `${source}/${key}/${etag}`
}

/** When a group was sealed that holds an object: what identifies it is bucket, key and ETag, and nothing else. */
export function sealedAt({ source, key, etag }: SimulatedObject, { ledger }: Servers): number | undefined {
  const identity = JSON.stringify([bucketOf[source], key, etag])
  return ledger.sealedAt(createHash('sha256').update(identity).digest('hex'))
}

/** The rows of `object_log` about an object. */
export function recordsOf({ source, key, etag }: SimulatedObject, { write }: Servers): readonly SeenRow[] {
  return write.seen.recordsOf(`s3://${bucketOf[source]}/${key}`, etag)
}

/** What the view over `object_log` says of an object: a commit, if there is one. */
export function viewOf(object: SimulatedObject, servers: Servers): SeenRow | undefined {
  const records = recordsOf(object, servers)
  return records.find((record) => record['outcome'] === 'committed') ?? records.at(-1)
}

/** Whether rows of an object are on a stream that somebody has ended: what is sealed of them may be past saving. */
export function isOnEndedStream({ good, bad }: SimulatedObject, { write }: Servers): boolean {
  const ended = write.streams.endedTokens('all')
  return [...good, ...bad].some((token) => ended.has(token))
}

/** Whether all lines of an object can be queried, and whether any. */
export function visibleLines({ good, bad }: SimulatedObject, { write }: Servers): 'all' | 'some' | 'none' {
  const { rows, rejects } = write.seen
  const seen =
    good.filter((token) => rows.has(token)).length + bad.filter((token) => rejects.has(token)).length
  if (seen === good.length + bad.length) return 'all'
  return seen > 0 ? 'some' : 'none'
}
