import { setTimeout as wait } from 'node:timers/promises'
import type { Bridge } from '../../functions/config/schema.ts'
import { type RunQuery, rowsOrNone } from './bigquery.ts'
import { CommandError } from './command-error.ts'
import type { Uploaded } from './uploads.ts'

/** What `objects` says of one upload. */
export interface ObjectResult {
  readonly uri: string
  readonly source: string
  readonly outcome: string
  readonly reason: string | null
  readonly detail: string | null
  readonly linesRead: number
  readonly written: number
  readonly filtered: number
  readonly rejected: number
}

/** Milliseconds between two looks, and without any news before this is given up. */
const interval = 150
const silenceMs = 60_000

/**
 * Waits until every upload is on record, and gives what became of each.
 * @param onProgress gets how many are. @throws CommandError when nothing more happens.
 */
export async function waitForObjects(
  bridge: Bridge,
  run: RunQuery,
  uploads: readonly Uploaded[],
  onProgress: (finished: number) => void,
  hint: () => string,
): Promise<ObjectResult[]> {
  let found: ObjectResult[] = []
  let lastNews = Date.now()
  for (;;) {
    const now = await readObjects(bridge, run, uploads)
    if (now.length > found.length) lastNews = Date.now()
    found = now
    onProgress(found.length)
    if (found.length >= uploads.length) return found
    if (Date.now() - lastNews > silenceMs) {
      const missing = uploads.filter(({ uri }) => !found.some((one) => one.uri === uri)).map(({ uri }) => uri)
      const named = missing.slice(0, 3).join('\n  ')
      throw new CommandError(
        `no news for ${silenceMs / 1000} s of ${missing.length} objects:\n  ${named}\n${hint()}`,
      )
    }
    await wait(interval)
  }
}

async function readObjects(
  bridge: Bridge,
  run: RunQuery,
  uploads: readonly Uploaded[],
): Promise<ObjectResult[]> {
  const sql = `SELECT source_uri, source, outcome, reason, detail, lines_read, rows_written, rows_filtered, rows_rejected
    FROM \`${bridge.stateDataset}.objects\`
    WHERE CONCAT(source_uri, ' ', source_etag) IN UNNEST(@ids)`
  const ids = uploads.map(({ uri, etag }) => `${uri} ${etag}`)
  const rows = await rowsOrNone(run(sql, { ids }))
  return rows.map((row) => ({
    uri: String(row['source_uri']),
    source: String(row['source']),
    outcome: String(row['outcome']),
    reason: textOf(row['reason']),
    detail: textOf(row['detail']),
    linesRead: Number(row['lines_read'] ?? 0),
    written: Number(row['rows_written'] ?? 0),
    filtered: Number(row['rows_filtered'] ?? 0),
    rejected: Number(row['rows_rejected'] ?? 0),
  }))
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
