import { setTimeout as wait } from 'node:timers/promises'
import type { Target } from './target.ts'

/** An object that was announced, and what it is known by. */
export interface Announced {
  readonly uri: string
  readonly etag: string
}

/** What became of one since it was announced. */
export interface Recorded {
  readonly outcome: string
  readonly reason: string
  readonly detail: string
}

/** Milliseconds between two looks, which cost a query each, and without news before what is announced is left to itself. */
const [firstInterval, longestInterval] = [250, 15_000]
const silenceMs = 120_000

/** The clock that records are dated by is not this machine's. */
export async function recordsNow({ query }: Target): Promise<unknown> {
  const [row] = await query('SELECT CURRENT_TIMESTAMP() AS now')
  return row?.['now']
}

/**
 * Waits until each object is on record, and tells of each. Gives those of which nothing was heard in two minutes: they are
 * still being tried.
 * @param since a record older than this says nothing, but for a commit of the day before.
 */
export async function awaitRecords<T extends Announced>(
  { bridge, query }: Target,
  objects: readonly T[],
  since: unknown,
  onRecord: (object: T, recorded: Recorded) => void,
): Promise<T[]> {
  const waiting = new Map(objects.map((object) => [`${object.uri} ${object.etag}`, object]))
  let heardAt = Date.now()
  let interval = firstInterval
  while (waiting.size > 0 && Date.now() - heardAt < silenceMs) {
    const rows = await query(
      `SELECT CONCAT(source_uri, ' ', COALESCE(source_etag, '')) AS id, outcome, reason, detail
      FROM \`${bridge.stateDataset}.object_log\`
      WHERE CONCAT(source_uri, ' ', COALESCE(source_etag, '')) IN UNNEST(@ids)
        AND finished_at >= TIMESTAMP_SUB(@since, INTERVAL 1 DAY)
        AND (outcome = 'committed' OR finished_at >= @since)
      ORDER BY finished_at`,
      { ids: [...waiting.keys()], since },
    )
    for (const row of rows) {
      const object = waiting.get(String(row['id']))
      if (!object) continue
      waiting.delete(String(row['id']))
      heardAt = Date.now()
      onRecord(object, {
        outcome: String(row['outcome']),
        reason: String(row['reason'] ?? ''),
        detail: String(row['detail'] ?? ''),
      })
    }
    if (waiting.size === 0) break
    await wait(interval)
    interval = rows.length > 0 ? firstInterval : Math.min(interval * 1.5, longestInterval)
  }
  return [...waiting.values()]
}
