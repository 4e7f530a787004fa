import { setTimeout as wait } from 'node:timers/promises'
import { resolveTaken } from '../../../functions/commit/group.ts'
import type { Free, Taken } from '../../../functions/commit/ledger.ts'
import type { DeployedSource } from '../../../functions/config/schema.ts'
import { route } from '../../../functions/finalize/route.ts'
import type { LoadTools } from '../../../functions/load-tools.ts'
import { messageOf } from '../../../functions/model/failure.ts'
import type { LandedObject } from '../../../functions/model/object.ts'
import { openObject } from '../../../functions/parse/open-object.ts'
import { ObjectRows } from '../../../functions/split/object-rows.ts'
import { logSource } from '../../../functions/split/tables/log-source.ts'
import { type ResultRow, rowsOrNone } from '../../commands/bigquery.ts'
import { minutesOf } from '../../commands/duration.ts'
import { sourceNamed } from '../../commands/input-files.ts'
import type { StageCount } from '../../terminal/progress.ts'
import type { Plan, Report } from '../operate.ts'
import type { Target } from '../target.ts'
import { attemptAt } from './attempts.ts'
import type { Chosen } from './quarantined.ts'
import { marksOf, resolvedRejects } from './resolved-rejects.ts'

/** An object with open rejects. */
interface WithRejects {
  readonly uri: string
  readonly etag: string
  readonly landing: string
  readonly generation: string
  readonly bytes: number
  /** Epoch milliseconds. */
  readonly uploadedAt: number | undefined
  readonly rejects: number
}

/** What came of the lines of one object. */
interface Replayed {
  readonly tried: number
  readonly rows: number
  readonly filtered: number
  readonly rejected: number
}

/** Objects read at once. */
const atOnce = 8

/**
 * Reads the lines again that were rejected, by the configuration and the parsers at hand, in this process: a line that is a row
 * now is loaded, once, and marked in `resolved_rejects` by the same commit. The others stay open.
 */
export async function planRejects(target: Target, chosen: Chosen): Promise<Plan> {
  if (chosen.source !== undefined) sourceNamed(target.bridge, chosen.source)
  const objects = await objectsWithRejects(target, chosen)
  const lines = objects.reduce((sum, { rejects }) => sum + rejects, 0)
  return {
    figures: { 'rejected lines': lines, 'objects to read again': objects.length },
    todo: lines,
    run: (show) => replayAll(target, chosen, objects, show),
  }
}

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

async function objectsWithRejects(target: Target, chosen: Chosen): Promise<WithRejects[]> {
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
async function linesOf(
  target: Target,
  chosen: Chosen,
  { uri, etag }: WithRejects,
): Promise<ReadonlyMap<number, string | undefined>> {
  const { sql, params } = await openRejects(target, chosen)
  const rows = await target.query(`${sql} AND r.source_uri = @uri AND r.source_etag = @etag`, {
    ...params,
    uri,
    etag,
  })
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return new Map(rows.map((row) => [Number(row['source_line']), text(row['raw_line'])]))
}

async function replayAll(
  target: Target,
  chosen: Chosen,
  objects: readonly WithRejects[],
  show: (stages: readonly StageCount[]) => void,
): Promise<Report> {
  const left: string[] = []
  const sums = { tried: 0, rows: 0, filtered: 0, rejected: 0 }
  const loader = await target.openLoader()
  const queue = [...objects]
  let done = 0
  const work = async () => {
    for (let object = queue.shift(); object; object = queue.shift()) {
      const { uri } = object
      try {
        const replayed = await replayObject(target, loader.tools, chosen, object)
        for (const [name, count] of Object.entries(replayed)) sums[name as keyof Replayed] += count
        if (replayed.rejected > 0) left.push(`${uri}: ${replayed.rejected} lines are rejects still`)
      } catch (error) {
        left.push(`${uri}: ${messageOf(error)}`)
      }
      done += 1
      show([{ stage: 'objects read again', count: done, total: objects.length }])
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, work))
  } finally {
    await loader.close()
  }
  return {
    figures: {
      'lines read again': sums.tried,
      'rows now': sums.rows,
      'left out on purpose': sums.filtered,
      'rejects still': sums.rejected,
    },
    left,
  }
}

/** @throws Failure, and CommandError where no source takes the object any more. */
async function replayObject(
  target: Target,
  tools: LoadTools,
  chosen: Chosen,
  object: WithRejects,
): Promise<Replayed> {
  const nothing = { tried: 0, rows: 0, filtered: 0, rejected: 0 }
  const { bridge, ledgerStore } = target
  const landed = landedOf(object)
  let texts: ReadonlyMap<number, string | undefined> = new Map()
  const readLines = async () => {
    texts = await linesOf(target, chosen, object)
    return [...texts.keys()]
  }
  const attempt = await attemptAt(ledgerStore, landed.source, readLines)
  if (!attempt) return nothing
  if (texts.size === 0) texts = await linesOf(target, {}, object)
  const standing = await standingSoon(tools, attempt.hash)
  if (standing.kind !== 'free') {
    const result = await resolveTaken(attempt.hash, standing, tools.groupTools)
    if (result.kind === 'failed') throw result.error
    return nothing
  }
  const source = sourceOf(target, landed)
  const startedAt = Date.now()
  const open = await openObject(tools.objectTools.objects.read(landed), landed.source.key, source)
  try {
    const inFormat = logSource(source, open.format)
    const chosenLines = {
      has: (line: number, bytes: Buffer) => {
        if (!attempt.lines.has(line) || !texts.has(line)) return false
        // Where its text is not kept, as in sources that redact, its number has to do.
        const text = texts.get(line)
        return text === undefined || text === bytes.toString()
      },
    }
    const { hashKey, learnedSchemas } = tools.objectTools
    const rows = new ObjectRows(
      bridge,
      inFormat,
      landed.source,
      startedAt,
      hashKey,
      learnedSchemas,
      chosenLines,
    )
    for await (const block of open.blocks) rows.add(block)
    const read = rows.finish()
    const { uri, etag } = object
    const at = Date.now() * 1000
    const marks = [...rows.resolvedLines].map((line) => ({
      resolved_at: at,
      source: source.name,
      source_uri: uri,
      source_etag: etag,
      source_line: line,
    }))
    const { counts } = read
    const result = await tools.objectTools.groups.submit({
      hash: attempt.hash,
      setAside: standing.setAside,
      bytes: rows.bytes,
      rows: [...rows.takeTables(), ...marksOf(bridge, marks)],
      record: {
        source: source.name,
        format: open.format,
        source_uri: uri,
        source_etag: etag,
        landing_uri: object.landing,
        generation: object.generation,
        message_id: attempt.hash,
        outcome: 'replayed',
        bytes: object.bytes,
        lines_read: counts.read,
        rows_written: counts.written,
        rows_filtered: counts.filtered,
        rows_rejected: counts.rejected,
        rows_extra: read.shapeCounts.extraRows,
        apps: JSON.stringify(Object.fromEntries(read.rowsByApp)),
        started_at: startedAt * 1000,
        revision: 'replay',
      },
    })
    if (result.kind === 'failed') throw result.error
    if (result.kind === 'duplicate') return nothing
    return {
      tried: counts.read,
      rows: counts.written,
      filtered: counts.filtered,
      rejected: attempt.lines.size - rows.resolvedLines.size,
    }
  } finally {
    await open.close()
  }
}

/** Where the try stands, once a process that died at it has been dead for long enough to be taken for that. */
async function standingSoon(
  { groupTools: { ledger, leaseMs } }: LoadTools,
  hash: string,
): Promise<Taken | Free> {
  for (const until = Date.now() + leaseMs + 10_000; ; await wait(1_000)) {
    const standing = await ledger.look(hash)
    if (standing.kind !== 'busy' || Date.now() > until) return standing
  }
}

function sourceOf({ bridge }: Target, { source }: LandedObject): DeployedSource {
  const found = route(bridge, source)
  if (found.kind === 'source') return found.source
  throw new Error('no source of the configuration takes it any more')
}

function landedOf({ uri, etag, landing, generation, bytes, uploadedAt }: WithRejects): LandedObject {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? []
  const [, landingBucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.*)$/s.exec(landing) ?? []
  return {
    bucket: landingBucket,
    name,
    generation,
    bytes,
    landedAt: 0,
    source: { bucket, key, etag, ...(uploadedAt !== undefined && { uploadedAt }) },
  }
}
