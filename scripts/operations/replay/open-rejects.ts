import { type ResultRow, rowsOrNone } from '../../commands/bigquery.ts'
import { minutesOf } from '../../commands/duration.ts'
import type { Target } from '../target.ts'
import type { Chosen } from './quarantined.ts'
import { resolvedRejects } from './resolved-rejects.ts'

/** An object with open rejects. */
export interface WithRejects {
  readonly uri: string
  readonly etag: string
  readonly landing: string
  readonly generation: string
  readonly bytes: number
  /** Epoch milliseconds. */
  readonly uploadedAt: number | undefined
  readonly rejects: number
}

/** The numbers of lines, with their text where it is kept. */
export type OpenLines = ReadonlyMap<number, string | undefined>

/** The rejects that are open and chosen, as a query, and its parameters. */
async function openRejects({ bridge, clients }: Target, chosen: Chosen) {
  const { dataset, name } = resolvedRejects(bridge)
  const [hasMarks] = await clients.bigquery.dataset(dataset).table(name).exists()
  const notMarked = hasMarks
    ? `LEFT JOIN \`${dataset}.${name}\` AS d ON d.source_uri = r.source_uri AND d.source_etag = r.source_etag
        AND d.source_line = r.source_line WHERE d.source_line IS NULL`
    : 'WHERE TRUE'
  return {
    sql: `SELECT r.source_uri, r.source_etag, r.source_line, r.raw_line FROM \`${bridge.stateDataset}.rejects\` AS r ${notMarked}
      AND (@source = '' OR r.source = @source) AND (@reason = '' OR r.error_class = @reason)
      AND (@prefix = '' OR STARTS_WITH(r.source_uri, @prefix))
      AND (@since = 0 OR r.rejected_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL @since MINUTE))`,
    params: {
      source: chosen.source ?? '',
      reason: chosen.reason ?? '',
      prefix: chosen.prefix ?? '',
      since: chosen.since === undefined ? 0 : minutesOf('--since', chosen.since),
    },
  }
}

/** The objects that have any, by their copies. */
export async function objectsWithRejects(target: Target, chosen: Chosen): Promise<WithRejects[]> {
  const { sql, params } = await openRejects(target, chosen)
  const rows = await rowsOrNone(
    target.query(
      `SELECT o.source_uri, o.source_etag, o.landing_uri, o.generation, o.bytes, UNIX_MILLIS(o.uploaded_at) AS uploaded,
        r.rejects
      FROM (SELECT source_uri, source_etag, COUNT(*) AS rejects FROM (${sql}) AS open_rejects
        GROUP BY source_uri, source_etag) AS r
      JOIN \`${target.bridge.stateDataset}.objects\` AS o ON o.source_uri = r.source_uri AND o.source_etag = r.source_etag
      WHERE o.outcome = 'committed' ORDER BY o.source_uri`,
      params,
    ),
  )
  return rows.map(objectOf)
}

function objectOf(row: ResultRow): WithRejects {
  return {
    uri: String(row['source_uri']),
    etag: String(row['source_etag']),
    landing: String(row['landing_uri']),
    generation: String(row['generation']),
    bytes: Number(row['bytes']),
    uploadedAt: row['uploaded'] === null ? undefined : Number(row['uploaded']),
    rejects: Number(row['rejects']),
  }
}

/** The open lines of one object, with their text where it is kept. */
export async function openLinesOf(
  target: Target,
  chosen: Chosen,
  { uri, etag }: WithRejects,
): Promise<OpenLines> {
  const { sql, params } = await openRejects(target, chosen)
  const rows = await target.query(`${sql} AND r.source_uri = @uri AND r.source_etag = @etag`, {
    ...params,
    uri,
    etag,
  })
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return new Map(rows.map((row) => [Number(row['source_line']), text(row['raw_line'])]))
}
