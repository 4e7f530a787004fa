import { writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { messageOf } from '../../functions/model/failure.ts'
import { hopLatencies, objectCount } from '../latency/hop-latency.ts'
import type { HopTimes } from '../latency/hop-times.ts'
import { latencyHtml } from '../latency/latency-html.ts'
import { latencyJson } from '../latency/latency-json.ts'
import { latencySvg } from '../latency/latency-svg.ts'
import { latencyText } from '../latency/latency-text.ts'
import { type CopyRecord, readCopyLog } from '../local/transfer/copy-log.ts'
import { type ResultRow, type RunQuery, rowsOrNone, withQueries } from './bigquery.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'
import { minutesOf } from './duration.ts'

export interface LatencyOptions {
  readonly since: string
  readonly out?: string
  readonly cloud?: boolean
}

const title = 'Causeway: from S3 to BigQuery'
const renderers = { '.html': latencyHtml, '.svg': latencySvg, '.json': latencyJson } as const

/** Shows how long each hop took for the objects of the last hours, or writes a plot of it. */
export async function latency(context: CommandContext, options: LatencyOptions): Promise<number> {
  const minutes = minutesOf('--since', options.since)
  const render = options.out === undefined ? undefined : rendererFor(options.out)
  const times = await withQueries(context, options, (run) =>
    hopTimes(context, run, { minutes, local: !options.cloud }),
  )
  const hops = hopLatencies(times)
  if (times.length === 0)
    throw new CommandError(
      `no object was loaded in the last ${options.since}: put some, or say a longer --since`,
    )
  if (options.out === undefined || render === undefined) {
    process.stdout.write(`${latencyText(hops, context.out)}\n`)
    return 0
  }
  try {
    writeFileSync(
      options.out,
      render(hops, { title, subtitle: `${objectCount(hops)} objects in the last ${options.since}` }),
    )
  } catch (error) {
    throw new CommandError(`cannot write ${options.out}: ${messageOf(error)}`, error)
  }
  process.stdout.write(`${options.out}: ${objectCount(hops)} objects\n`)
  return 0
}

/** Which objects' times are wanted. */
export interface LatencyFilter {
  readonly minutes: number
  /** The local transfer log tells when an event was taken from the queue; the managed service does not. */
  readonly local: boolean
  readonly uris?: readonly string[]
}

/** The times of committed objects, from `objects` and, locally, the transfer's log. */
export async function hopTimes(
  context: CommandContext,
  run: RunQuery,
  filter: LatencyFilter,
): Promise<HopTimes[]> {
  const copies = filter.local ? await readCopies(context) : new Map<string, CopyRecord>()
  const rows = await readObjects(context, run, filter)
  return rows.map((row) => timesOf(row, copies.get(`${row['source_uri']} ${row['source_etag']}`)))
}

async function readObjects(
  context: CommandContext,
  run: RunQuery,
  { minutes, uris }: LatencyFilter,
): Promise<ResultRow[]> {
  const sql = `SELECT source_uri, source_etag,
      UNIX_MICROS(uploaded_at) AS uploaded, UNIX_MICROS(landed_at) AS landed, UNIX_MICROS(published_at) AS published,
      UNIX_MICROS(started_at) AS started, UNIX_MICROS(committed_at) AS committed
    FROM \`${context.bridge.stateDataset}.objects\`
    WHERE outcome = 'committed' AND uploaded_at IS NOT NULL
      AND finished_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL @minutes MINUTE)
      ${uris ? 'AND source_uri IN UNNEST(@uris)' : ''}`
  return rowsOrNone(run(sql, { minutes, ...(uris && { uris: [...uris] }) }))
}

/** The latest copy of each object and etag, by both. */
async function readCopies(context: CommandContext): Promise<Map<string, CopyRecord>> {
  const copies = new Map<string, CopyRecord>()
  for await (const copy of readCopyLog(context.state.of('transfer'))) {
    if (copy.outcome === 'copied') copies.set(`${copy.source} ${copy.etag}`, copy)
  }
  return copies
}

function timesOf(row: ResultRow, copy: CopyRecord | undefined): HopTimes {
  const millis = (name: string) => Number(row[name]) / 1000
  return {
    object: String(row['source_uri']),
    // S3's LastModified has whole seconds; the event has milliseconds.
    uploadedAt: copy?.uploadedAt ? Date.parse(copy.uploadedAt) : millis('uploaded'),
    ...(copy?.eventReceivedAt && { eventReceivedAt: Date.parse(copy.eventReceivedAt) }),
    landedAt: millis('landed'),
    ...(row['published'] != null && { notifiedAt: millis('published') }),
    startedAt: millis('started'),
    committedAt: millis('committed'),
  }
}

function rendererFor(path: string) {
  const renderer = renderers[extname(path) as keyof typeof renderers]
  if (renderer) return renderer
  throw new CommandError(`--out takes a file ending in ${Object.keys(renderers).join(', ')}, not ${path}`)
}
