import { type ResultRow, rowsOrNone } from '../../commands/bigquery.ts'
import { minutesOf } from '../../commands/duration.ts'
import { sourceNamed } from '../../commands/input-files.ts'
import type { StageCount } from '../../terminal/progress.ts'
import { announceCopy, stillTried } from '../announce.ts'
import { awaitRecords, recordsNow } from '../await-records.ts'
import type { Figures, Plan, Report } from '../operate.ts'
import type { Target } from '../target.ts'

/** Which quarantined objects, or which rejects. Without any, all. */
export interface Chosen {
  readonly source?: string
  /** What their URIs in S3 begin with: `s3://bucket/AWSLogs/`. */
  readonly prefix?: string
  /** Why they were quarantined, a code; or the `error_class` of rejects. */
  readonly reason?: string
  /** Given up on, or rejected, within this time: `24h`. */
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
  const left: string[] = []
  let [announced, committed] = [0, 0]
  const showNow = () =>
    show([
      { stage: 'announced', count: announced, total: objects.length },
      { stage: 'committed', count: committed, total: objects.length },
    ])
  for (let from = 0; from < objects.length; from += batch) {
    const waiting: Quarantined[] = []
    const since = await recordsNow(target)
    for (const object of objects.slice(from, from + batch)) {
      const name = object.landing.replace(`gs://${target.bridge.google.landingBucket}/`, '')
      if (await announceCopy(target.bridge, target.clients, name)) waiting.push(object)
      else left.push(`${object.uri}: its copy ${object.landing} is gone: see npm run causeway -- reconcile`)
      announced += 1
      showNow()
    }
    const unheard = await awaitRecords(target, waiting, since, ({ uri }, { outcome, reason, detail }) => {
      if (outcome === 'committed') committed += 1
      else left.push(`${uri} is ${outcome} again (${reason}): ${detail}`)
      showNow()
    })
    left.push(...unheard.map(stillTried))
  }
  return { figures: { announced, committed, 'still left': left.length }, left }
}
