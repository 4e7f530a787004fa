import { setTimeout as wait } from 'node:timers/promises'
import { type ResultRow, type RunQuery, rowsOrNone } from '../commands/bigquery.ts'
import { minutesOf } from '../commands/duration.ts'
import { sourceNamed } from '../commands/input-files.ts'
import type { StageCount } from '../terminal/progress.ts'
import { announceAgain } from './announce.ts'
import type { Figures, Plan, Report } from './operate.ts'
import type { Target } from './target.ts'

/** Which quarantined objects. Without any, all. */
export interface Chosen {
  readonly source?: string
  /** What their URIs in S3 begin with: `s3://bucket/AWSLogs/`. */
  readonly prefix?: string
  /** Why they were quarantined: a code. */
  readonly reason?: string
  /** Given up on within this time: `24h`. */
  readonly since?: string
}

/** A quarantined object, by its last record. */
interface Quarantined {
  readonly uri: string
  readonly etag: string
  readonly landing: string
  readonly reason: string
}

/** Announced and not yet on record again, at once. */
const batch = 200
/** Milliseconds between two looks, and without news before what is announced is left to itself. */
const intervalMs = 500
const silenceMs = 120_000

/**
 * Announces quarantined objects again, so that they are loaded once what kept them out is mended. Loading twice is no
 * danger: the ledger decides.
 */
export async function planReplay(target: Target, chosen: Chosen): Promise<Plan> {
  const objects = await quarantined(target, chosen)
  return {
    figures: { 'quarantined objects': objects.length, ...byReason(objects) },
    todo: objects.length,
    run: (show) => replay(target, objects, show),
  }
}

async function quarantined({ bridge, query }: Target, chosen: Chosen): Promise<Quarantined[]> {
  const since = chosen.since === undefined ? 0 : minutesOf('--since', chosen.since)
  if (chosen.source !== undefined) sourceNamed(bridge, chosen.source)
  const rows = await rowsOrNone(
    query(
      `SELECT source_uri, source_etag, landing_uri, reason FROM \`${bridge.stateDataset}.objects\`
      WHERE outcome = 'quarantined' AND landing_uri IS NOT NULL
        AND (@source = '' OR source = @source) AND (@reason = '' OR reason = @reason)
        AND (@prefix = '' OR STARTS_WITH(source_uri, @prefix))
        AND (@since = 0 OR finished_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL @since MINUTE))
      ORDER BY finished_at`,
      {
        source: chosen.source ?? '',
        reason: chosen.reason ?? '',
        prefix: chosen.prefix ?? '',
        since,
      },
    ),
  )
  return rows.map(objectOf)
}

function objectOf(row: ResultRow): Quarantined {
  return {
    uri: String(row['source_uri'] ?? row['landing_uri']),
    etag: String(row['source_etag'] ?? ''),
    landing: String(row['landing_uri']),
    reason: String(row['reason']),
  }
}

function byReason(objects: readonly Quarantined[]): Figures {
  const counts = Map.groupBy(objects, ({ reason }) => reason)
  return Object.fromEntries([...counts].map(([reason, of]) => [`of them ${reason}`, of.length]))
}

/** Announces them in batches, so that what follows them is not held up by all of them at once. */
async function replay(
  target: Target,
  objects: readonly Quarantined[],
  show: (stages: readonly StageCount[]) => void,
): Promise<Report> {
  const results: Results = { committed: 0, left: [] }
  let announced = 0
  for (let from = 0; from < objects.length; from += batch) {
    const waiting: Quarantined[] = []
    const startedAt = await now(target.query)
    for (const object of objects.slice(from, from + batch)) {
      const name = object.landing.replace(`gs://${target.bridge.google.landingBucket}/`, '')
      if (await announceAgain(target.bridge, target.clients, name)) waiting.push(object)
      else results.left.push(`${object.uri}: its copy ${object.landing} is gone; upload it again`)
      announced += 1
      show(stages(announced, results, objects.length))
    }
    await settle(target, waiting, startedAt, results, () => show(stages(announced, results, objects.length)))
  }
  return {
    figures: { announced, committed: results.committed, 'still left': results.left.length },
    left: results.left,
  }
}

interface Results {
  committed: number
  readonly left: string[]
}

function stages(announced: number, { committed }: Results, total: number): StageCount[] {
  return [
    { stage: 'announced', count: announced, total },
    { stage: 'committed', count: committed, total },
  ]
}

/** Waits until each object is on record again, or nothing more is heard of any. */
async function settle(
  { bridge, query }: Target,
  objects: readonly Quarantined[],
  startedAt: unknown,
  results: Results,
  onNews: () => void,
): Promise<void> {
  const waiting = new Map(objects.map((object) => [`${object.uri} ${object.etag}`, object]))
  let heardAt = Date.now()
  while (waiting.size > 0 && Date.now() - heardAt < silenceMs) {
    const rows = await query(
      `SELECT CONCAT(source_uri, ' ', source_etag) AS id, outcome, reason, detail
      FROM \`${bridge.stateDataset}.object_log\`
      WHERE CONCAT(source_uri, ' ', source_etag) IN UNNEST(@ids)
        AND (outcome = 'committed' OR finished_at >= @startedAt)
      ORDER BY finished_at`,
      { ids: [...waiting.keys()], startedAt },
    )
    for (const row of rows) {
      const object = waiting.get(String(row['id']))
      if (!object) continue
      waiting.delete(String(row['id']))
      heardAt = Date.now()
      if (row['outcome'] === 'committed') results.committed += 1
      else results.left.push(`${object.uri} is ${row['outcome']} again (${row['reason']}): ${row['detail']}`)
      onNews()
    }
    if (waiting.size > 0) await wait(intervalMs)
  }
  for (const { uri } of waiting.values())
    results.left.push(
      `${uri} is announced, and not loaded yet: it is still being tried; look again in a while`,
    )
}

/** The clock that records are dated by is not this machine's. */
async function now(query: RunQuery): Promise<unknown> {
  const [row] = await query('SELECT CURRENT_TIMESTAMP() AS now')
  return row?.['now']
}
