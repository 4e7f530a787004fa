import type { Bridge } from '../../functions/config/schema.ts'
import type { About } from './about.ts'
import { type Check, finding, type Problem, warn } from './check.ts'

const day = 86_400_000

/**
 * Whether log tables keep rows for `logDays`. A dataset's default is for new tables only:
 * https://cloud.google.com/bigquery/docs/updating-datasets#partition-expiration [2026-11]
 */
export function retentionCheck({ bridge, clients: { bigquery } }: About, after: Check): Check {
  const { dataset } = bridge
  return {
    group: 'bigquery',
    what: 'how long log tables keep rows',
    after,
    asks: `bigquery.tables.list on ${dataset}`,
    make: 'the first log makes it; see the check of the dataset',
    run: async () => {
      const [tables] = await bigquery.dataset(dataset).getTables()
      const kept = tables.map(({ id = '', metadata }) => ({
        name: id,
        expirationMs: metadata.timePartitioning?.expirationMs,
      }))
      return finding(judgeRetention(kept, bridge), lasting(bridge))
    },
  }
}

interface KeptTable {
  readonly name: string
  /** As the API gives it: decimal, absent for ever. */
  readonly expirationMs?: string | undefined
}

/** @param tables those of the logs' dataset; of them, only tables of sources count. */
export function judgeRetention(tables: readonly KeptTable[], bridge: Bridge): Problem[] {
  const ofSources = `^(${bridge.sources.map(({ name }) => name).join('|')})(_|$)`
  const wanted = bridge.google.logDays === undefined ? undefined : String(bridge.google.logDays * day)
  const other = tables.filter(
    ({ name, expirationMs }) => new RegExp(ofSources).test(name) && expirationMs !== wanted,
  )
  const [first] = other
  if (!first) return []
  const what = `${other.length} made before logDays was changed keep them otherwise, such as ${first.name}`
  return [warn(`${what}; it should be ${lasting(bridge)}`, alterAll(bridge, ofSources))]
}

function lasting({ google: { logDays } }: Bridge): string {
  return logDays === undefined ? 'for ever' : `${logDays} days`
}

/** Sets all of them, in BigQuery's procedural language. Names of log tables need no quotes. */
function alterAll({ dataset, google: { project, logDays } }: Bridge, ofSources: string): string {
  const tables = `SELECT table_name FROM ${dataset}.INFORMATION_SCHEMA.TABLES WHERE table_type = "BASE TABLE" AND REGEXP_CONTAINS(table_name, "${ofSources}")`
  const alter = `"ALTER TABLE ${dataset}." || t.table_name || " SET OPTIONS (partition_expiration_days = ${logDays ?? 'NULL'})"`
  return `bq query --project_id=${project} --use_legacy_sql=false 'FOR t IN (${tables}) DO EXECUTE IMMEDIATE ${alter}; END FOR'`
}
