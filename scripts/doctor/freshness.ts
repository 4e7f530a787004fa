import { objectLogTable } from '../../functions/commit/object-table.ts'
import type { DeployedSource } from '../../functions/config/schema.ts'
import { formatCount } from '../terminal/count.ts'
import { formatDuration } from '../terminal/duration.ts'
import type { About } from './about.ts'
import { type Check, type Finding, finding, warn } from './check.ts'

/** How long back objects are looked for. */
const days = 31

/** When a source's last object was loaded, how long the last hour's took, and what was given up on. */
export function freshnessCheck(
  { bridge, clients: { bigquery }, now }: About,
  source: DeployedSource,
  log: Check,
): Check {
  const { dataset, name } = objectLogTable(bridge)
  const { silentHours } = bridge.watch
  // Not through the view: it reads the whole log for any answer, and a second record of an object changes none here.
  const query = `SELECT
      MAX(IF(outcome = 'committed', UNIX_MILLIS(committed_at), NULL)) AS last,
      COUNTIF(outcome = 'committed' AND finished_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)) AS recent,
      COUNTIF(outcome = 'committed' AND finished_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)
        AND UNIX_MILLIS(committed_at) - UNIX_MILLIS(uploaded_at) > @target) AS late,
      COUNTIF(outcome IN ('quarantined', 'missing') AND finished_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)) AS quarantined
    FROM \`${dataset}.${name}\`
    WHERE source = @source AND finished_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL ${days} DAY)`
  return {
    group: 'bigquery',
    source: source.name,
    what: 'last object',
    make: '',
    after: log,
    asks: `bigquery.jobs.create in ${bridge.google.project}, bigquery.tables.getData on ${dataset}`,
    run: async () => {
      const params = { source: source.name, target: source.freshMinutes * 60_000 }
      const [[row = {}]] = await bigquery.query({ query, params })
      const number = (column: string) => Number(row[column] ?? 0)
      const last = row['last'] == null ? undefined : number('last')
      const seen = {
        last,
        recent: number('recent'),
        late: number('late'),
        quarantined: number('quarantined'),
      }
      return judgeFreshness(seen, { now: now(), source, silentHours, dataset: bridge.stateDataset })
    },
  }
}

export interface Seen {
  /** Milliseconds since 1970; undefined when nothing was loaded for a month. */
  readonly last: number | undefined
  readonly recent: number
  readonly late: number
  readonly quarantined: number
}

export function judgeFreshness(
  { last, recent, late, quarantined }: Seen,
  plan: {
    readonly now: number
    readonly source: Pick<DeployedSource, 'name' | 'freshMinutes'>
    readonly silentHours: number
    readonly dataset: string
  },
): Finding {
  const { source, silentHours, dataset } = plan
  if (last === undefined && quarantined === 0)
    return finding(
      [],
      `none within ${days} days: nothing was uploaded, or it stops at the first failure above`,
    )
  const age = plan.now - (last ?? Number.NEGATIVE_INFINITY)
  const when =
    last === undefined
      ? `none within ${days} days`
      : `${formatDuration(Math.max(0, age))} ago, ${new Date(last).toISOString()}`
  const problems = [
    ...(age > silentHours * 3_600_000
      ? [
          warn(
            `${when}: longer than watch.silentHours (${silentHours})`,
            'mend the first failure above, or see whether anything was uploaded',
          ),
        ]
      : []),
    // freshMinutes is kept by 95 of 100 objects.
    ...(late > recent * 0.05
      ? [
          warn(
            `${formatCount(late)} of ${formatCount(recent)} objects of the last hour took more than ${source.freshMinutes} min (freshMinutes)`,
            'npm run -s causeway -- latency --cloud --since 1h shows which hop',
          ),
        ]
      : []),
    ...(quarantined > 0
      ? [
          warn(
            `${formatCount(quarantined)} quarantined or missing within a day`,
            `npm run -s causeway -- query --cloud "SELECT source_uri, reason, detail FROM ${dataset}.objects WHERE outcome IN ('quarantined', 'missing') AND source = '${source.name}' ORDER BY finished_at DESC LIMIT 20"`,
          ),
        ]
      : []),
  ]
  return finding(problems, when)
}
