import type { Source } from '../../functions/config/schema.ts'
import { hopLatencies } from '../latency/hop-latency.ts'
import { latencyText } from '../latency/latency-text.ts'
import { type Cell, table } from '../terminal/table.ts'
import { paint } from '../terminal/terminal.ts'
import { type RunQuery, rowsOrNone } from './bigquery.ts'
import type { CommandContext } from './context.ts'
import { hopTimes } from './latency.ts'
import { resultTable } from './query.ts'
import { resultsTable, type Sent, sumLine, troubles } from './send.ts'

/** What went where: objects, rows per app and table, rejects, a query with its result, and the latency per hop. */
export async function report(context: CommandContext, sent: Sent): Promise<string> {
  const { uploads, results, run } = sent
  const uris = uploads.map(({ uri }) => uri)
  const rejects = await rejectRows(context, run, uris)
  const times = await hopTimes(context, run, { minutes: 1_440, local: true, uris })
  return [
    heading(context, 'Objects'),
    `${resultsTable(context, results)}\n\n${sumLine(results)}\n`,
    ...troubles(results).map((trouble) => `${paint(context.out, 'red', trouble)}\n`),
    heading(context, 'Rows'),
    table(['source', 'app', 'table', 'objects', 'rows'], await rowCounts(context, sent), context.out),
    heading(context, 'Rejects'),
    rejects.length > 0 ? resultTable(rejects, context) : 'none',
    ...(await sampleQuery(context, sent)),
    heading(context, 'Latency'),
    latencyText(hopLatencies(times), context.out),
  ].join('')
}

export function heading(context: CommandContext, title: string): string {
  return `\n\n${paint(context.out, 'bold', `== ${title}`)}\n\n`
}

/** Source, app, table, objects and rows of what was sent. */
async function rowCounts(context: CommandContext, { uploads, run }: Sent): Promise<Cell[][]> {
  const sources = [...new Set(uploads.map(({ source }) => source))]
  const counts = await Promise.all(
    sources.map((source) => {
      const uris = uploads.filter((upload) => upload.source === source).map(({ uri }) => uri)
      return hasTables(source)
        ? countByTable(context, run, source, uris)
        : countByApp(context, run, source, uris)
    }),
  )
  return counts.flat()
}

/** Whether there may be several tables of a source: an app's, or a format's. */
function hasTables({ split, format }: Source): boolean {
  return split === 'tables' || !format
}

async function countByTable(
  { bridge }: CommandContext,
  run: RunQuery,
  source: Source,
  uris: readonly string[],
): Promise<Cell[][]> {
  const sql = `SELECT app, _TABLE_SUFFIX AS suffix, COUNT(DISTINCT source_uri) AS objects, COUNT(*) AS n
    FROM \`${bridge.dataset}.${source.name}_*\` WHERE source_uri IN UNNEST(@uris) GROUP BY app, suffix ORDER BY n DESC`
  const rows = await rowsOrNone(run(sql, { uris: [...uris] }))
  return rows.map((row) => [
    ...[source.name, String(row['app']), `${bridge.dataset}.${source.name}_${row['suffix']}`],
    ...[Number(row['objects']), Number(row['n'])],
  ])
}

async function countByApp(
  { bridge }: CommandContext,
  run: RunQuery,
  source: Source,
  uris: readonly string[],
): Promise<Cell[][]> {
  const sql = `SELECT app, COUNT(DISTINCT source_uri) AS objects, COUNT(*) AS n
    FROM \`${bridge.dataset}.${source.name}\` WHERE source_uri IN UNNEST(@uris) GROUP BY app ORDER BY n DESC`
  const rows = await rowsOrNone(run(sql, { uris: [...uris] }))
  const name = `${bridge.dataset}.${source.name}`
  return rows.map((row) => [source.name, String(row['app']), name, Number(row['objects']), Number(row['n'])])
}

function rejectRows({ bridge }: CommandContext, run: RunQuery, uris: readonly string[]) {
  const sql = `SELECT source, error_class, COUNT(*) AS n, ANY_VALUE(reason) AS example
    FROM \`${bridge.stateDataset}.rejects\` WHERE source_uri IN UNNEST(@uris)
    GROUP BY source, error_class ORDER BY n DESC`
  return rowsOrNone(run(sql, { uris: [...uris] }))
}

async function sampleQuery(context: CommandContext, { uploads, results, run }: Sent): Promise<string[]> {
  const source = uploads[0]?.source
  if (!source || !results.some(({ written }) => written > 0)) return []
  const from = `${context.bridge.dataset}.${source.name}${hasTables(source) ? '_*' : ''}`
  const sql = `SELECT app, COUNT(*) AS n, MAX(event_time) AS latest FROM ${from} GROUP BY app ORDER BY n DESC LIMIT 5`
  const result = resultTable(await rowsOrNone(run(sql)), context)
  return [heading(context, 'A query'), `${paint(context.out, 'cyan', sql)}\n\n${result}`]
}
