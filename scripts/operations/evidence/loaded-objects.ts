import type { Bridge, DeployedSource } from '../../../functions/config/schema.ts'
import type { ResultRow, StreamQuery } from '../../commands/bigquery.ts'
import type { Found } from './evidence.ts'

/** What the bridge wrote down of a source's objects, and what the tables have of them, since a time. */
export interface Since {
  readonly source: DeployedSource
  readonly prefix: string
  /** Epoch milliseconds. */
  readonly from: number
}

/** What became of the objects: each by its commit if it has one, else by the last that was heard of it. */
export async function* recordedObjects(
  stream: StreamQuery,
  { stateDataset }: Bridge,
  since: Since,
): AsyncGenerator<Found> {
  const rows = stream(
    `SELECT o.source_uri, o.source_etag, outcome, COALESCE(reason, '') AS reason,
      COALESCE(rows_written, 0) + COALESCE(rows_extra, 0) + COALESCE(replayed, 0) AS row_count,
      COALESCE(rows_rejected, 0) AS rejects
    FROM \`${stateDataset}.objects\` AS o LEFT JOIN (
      SELECT source_uri, source_etag, SUM(row_count) AS replayed FROM (
        SELECT DISTINCT source_uri, source_etag, message_id, rows_written + COALESCE(rows_extra, 0) AS row_count
        FROM \`${stateDataset}.object_log\` WHERE outcome = 'replayed' AND finished_at >= TIMESTAMP_MILLIS(@from)
      ) AS attempts GROUP BY source_uri, source_etag
    ) AS r ON r.source_uri = o.source_uri AND r.source_etag = o.source_etag
    WHERE o.source_etag IS NOT NULL AND STARTS_WITH(o.source_uri, @uris) AND finished_at >= TIMESTAMP_MILLIS(@from)`,
    parametersOf(since),
  )
  for await (const row of rows) {
    const [rowCount, rejects] = [Number(row['row_count']), Number(row['rejects'])]
    const outcome = String(row['outcome'])
    const reason = String(row['reason'])
    yield* found(row, since, (etag) => ({ of: 'record', etag, outcome, reason, rows: rowCount, rejects }))
  }
}

/** How many rows the tables of a source have of each object. Reads three columns of all of them. */
export async function* countedRows(
  stream: StreamQuery,
  { dataset }: Bridge,
  since: Since,
): AsyncGenerator<Found> {
  const rows = stream(
    `SELECT source_uri, source_etag, COUNT(*) AS row_count FROM \`${dataset}.${since.source.name}_*\`
    WHERE STARTS_WITH(source_uri, @uris) AND loaded_at >= TIMESTAMP_MILLIS(@from) GROUP BY source_uri, source_etag`,
    parametersOf(since),
  )
  for await (const row of rows)
    yield* found(row, since, (etag) => ({ of: 'rows', etag, count: Number(row['row_count']) }))
}

/** How many lines of each object are in `rejects`. */
export async function* countedRejects(
  stream: StreamQuery,
  { stateDataset }: Bridge,
  since: Since,
): AsyncGenerator<Found> {
  const rows = stream(
    `SELECT source_uri, source_etag, COUNT(*) AS row_count FROM \`${stateDataset}.rejects\`
    WHERE STARTS_WITH(source_uri, @uris) AND rejected_at >= TIMESTAMP_MILLIS(@from) GROUP BY source_uri, source_etag`,
    parametersOf(since),
  )
  for await (const row of rows)
    yield* found(row, since, (etag) => ({ of: 'rejects', etag, count: Number(row['row_count']) }))
}

function parametersOf({ source, prefix, from }: Since) {
  return { uris: `s3://${source.bucket}/${prefix}`, from }
}

function* found(
  row: ResultRow,
  { source: { bucket } }: Since,
  evidence: (etag: string) => Found['evidence'],
): Generator<Found> {
  const key = String(row['source_uri']).slice(`s3://${bucket}/`.length)
  yield { bucket, key, evidence: evidence(String(row['source_etag'])) }
}
