import { queryError, type ResultRow, type RunQuery } from '../../commands/bigquery.ts'
import { CommandError } from '../../commands/command-error.ts'
import { sourceNamed } from '../../commands/input-files.ts'
import { type Window, windowOf } from '../evidence/window.ts'
import type { Target } from '../target.ts'
import { type ColumnPair, columnPairs } from './column-pairs.ts'
import { type ComparedTables, comparedTables } from './compared-tables.ts'

export interface VerifyOptions {
  /** The other pipeline's table. */
  readonly against: string
  /** Columns that have other names there: `ours=theirs`. */
  readonly map?: readonly string[]
  readonly from?: string
  readonly to?: string
}

/** An hour of an app, in both. */
export interface Bucket {
  readonly hour: string
  readonly app: string
  readonly ours: number
  readonly theirs: number
  readonly same: boolean
  /** Rows that one has more often than the other: some of them. */
  readonly examples: readonly RowDifference[]
}

/** A row, how often each has it, and its values by our names. */
export interface RowDifference {
  readonly ours: number
  readonly theirs: number
  readonly row: Readonly<Record<string, string | null>>
}

export interface Verified {
  readonly columns: readonly string[]
  readonly hours: number
  readonly ours: number
  readonly theirs: number
  readonly different: readonly Bucket[]
}

/** Hours that differ of which rows are shown, and rows of each. */
const mostExplained = 20
const rowsShown = 5

/**
 * Compares the tables of a source with another pipeline's, hour by hour and app by app: how many rows, and whether they
 * are the same rows, in whatever order. Reads the compared columns of both, twice where they differ.
 */
export async function verify(target: Target, name: string, options: VerifyOptions): Promise<Verified> {
  const { bridge, clients, query } = target
  const source = sourceNamed(bridge, name)
  const { project } = bridge.google
  const ours = await comparedTables(clients.bigquery, `${bridge.dataset}.${source.name}_*`, project)
  const theirs = await comparedTables(clients.bigquery, options.against, project)
  const pairs = columnPairs(ours, theirs, options.map ?? [])
  const window = windowOf(options, { from: '1d', to: '0m' }, Date.now())
  const sides = sidesOf(ours, theirs, pairs)
  const buckets = await bucketsOf(query, sides, window)
  const different = buckets.filter(({ same }) => !same)
  for (const [index, bucket] of different.slice(0, mostExplained).entries())
    different[index] = { ...bucket, examples: await examplesOf(query, sides, pairs, bucket) }
  return {
    columns: pairs.map((pair) => (pair.ours === pair.theirs ? pair.ours : `${pair.ours}=${pair.theirs}`)),
    hours: buckets.length,
    ours: sum(buckets.map((bucket) => bucket.ours)),
    theirs: sum(buckets.map((bucket) => bucket.theirs)),
    different,
  }
}

/** Both as queries of the same shape: hour, app and the compared values as one text. All names in them are checked. */
interface Sides {
  readonly ours: string
  readonly theirs: string
}

function sidesOf(ours: ComparedTables, theirs: ComparedTables, pairs: readonly ColumnPair[]): Sides {
  const time = pairs.find((pair) => pair.ours === 'event_time')
  if (!time)
    throw new CommandError(
      `${theirs.path} has no event_time: say which column is, with --map event_time=theirs`,
    )
  const app = pairs.find((pair) => pair.ours === 'app')
  const side = ({ path, columns }: ComparedTables, of: (pair: ColumnPair) => string) => {
    const texts = pairs.map((pair) => textOf(of(pair), columns.get(of(pair)) ?? ''))
    const name = quoted(of(time))
    const at = columns.get(of(time)) === 'TIMESTAMP' ? name : `TIMESTAMP(${name})`
    return `SELECT FORMAT_TIMESTAMP('%Y-%m-%d %H:00', ${at}) AS hour,
      ${app ? `COALESCE(CAST(${quoted(of(app))} AS STRING), '')` : "''"} AS app, ${texts.join(` || '${separator}' || `)} AS row_text
      FROM \`${path}\` WHERE ${at} >= TIMESTAMP_MILLIS(@from) AND ${at} < TIMESTAMP_MILLIS(@to)`
  }
  return { ours: side(ours, (pair) => pair.ours), theirs: side(theirs, (pair) => pair.theirs) }
}

/** Stands between values: no log has it. */
const separator = '\u001f'
/** Stands for NULL. */
const none = '\u001e'

/** A column's name may be a word of SQL, and has no backquote. */
function quoted(column: string): string {
  return `\`${column}\``
}

function textOf(column: string, type: string): string {
  const name = quoted(column)
  const text = type === 'JSON' ? `TO_JSON_STRING(${name})` : `CAST(${name} AS STRING)`
  return `COALESCE(${text}, '${none}')`
}

/** A number of 48 bits of a row's hash: the sums of two are the same for the same rows, in whatever order. */
function hashSum(from: number): string {
  return `CAST(SUM(CAST(CAST(CONCAT('0x', SUBSTR(TO_HEX(MD5(row_text)), ${from}, 12)) AS INT64) AS NUMERIC)) AS STRING)`
}

async function bucketsOf(query: RunQuery, sides: Sides, window: Window): Promise<Bucket[]> {
  const fingerprints = (
    side: string,
  ) => `SELECT hour, app, COUNT(*) AS row_count, ${hashSum(1)} AS low, ${hashSum(13)} AS high
    FROM (${side}) GROUP BY hour, app`
  const rows = await asked(
    query,
    `SELECT COALESCE(o.hour, t.hour) AS hour, COALESCE(o.app, t.app) AS app,
      COALESCE(o.row_count, 0) AS ours, COALESCE(t.row_count, 0) AS theirs,
      COALESCE(o.row_count = t.row_count AND o.low = t.low AND o.high = t.high, FALSE) AS same
    FROM (${fingerprints(sides.ours)}) AS o FULL JOIN (${fingerprints(sides.theirs)}) AS t ON o.hour = t.hour AND o.app = t.app
    ORDER BY hour, app`,
    { ...window },
  )
  return rows.map((row) => ({
    hour: String(row['hour']),
    app: String(row['app']),
    ours: Number(row['ours']),
    theirs: Number(row['theirs']),
    same: row['same'] === true,
    examples: [],
  }))
}

async function examplesOf(
  query: RunQuery,
  sides: Sides,
  pairs: readonly ColumnPair[],
  { hour, app }: Bucket,
): Promise<RowDifference[]> {
  const from = Date.parse(`${hour.replace(' ', 'T')}:00Z`)
  const rows = await asked(
    query,
    `SELECT row_text, SUM(o) AS ours, SUM(t) AS theirs FROM (
      SELECT app, row_text, 1 AS o, 0 AS t FROM (${sides.ours}) AS ours_rows UNION ALL
      SELECT app, row_text, 0 AS o, 1 AS t FROM (${sides.theirs}) AS their_rows
    ) WHERE app = @app GROUP BY row_text HAVING SUM(o) != SUM(t) ORDER BY row_text LIMIT ${rowsShown}`,
    { from, to: from + 3_600_000, app },
  )
  return rows.map((row) => {
    const values = String(row['row_text']).split(separator)
    const cells = pairs.map(({ ours }, index) => [ours, values[index] === none ? null : values[index]])
    return { ours: Number(row['ours']), theirs: Number(row['theirs']), row: Object.fromEntries(cells) }
  })
}

async function asked(
  query: RunQuery,
  sql: string,
  params: Readonly<Record<string, unknown>>,
): Promise<ResultRow[]> {
  try {
    return await query(sql, params)
  } catch (error) {
    throw queryError(error)
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
