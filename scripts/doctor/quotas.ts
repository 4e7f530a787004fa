import { instancesOf } from '../../cdktf/google/lanes.ts'
import { streamsAnHour } from '../../functions/commit/stream-budget.ts'
import type { Bridge, Source } from '../../functions/config/schema.ts'
import { formatNames } from '../../functions/parse/formats.ts'
import { formatCount } from '../terminal/count.ts'
import { type About, once } from './about.ts'
import { type Check, type Finding, finding, pass, warn } from './check.ts'

/** Write connections, regions and multi-regions: https://cloud.google.com/bigquery/quotas#write-api-limits [2026-11] */
const connections = { region: 5_000, multiRegion: 20_000 }

/** What the plan asks of BigQuery against what BigQuery gives. */
export function quotaChecks({ bridge, sources, clients: { bigquery } }: About, caller: Check): Check[] {
  const names = once(async () => {
    const [tables] = await bigquery.dataset(bridge.dataset).getTables()
    return tables.map(({ id = '' }) => id)
  })
  const listing = {
    group: 'bigquery',
    asks: `bigquery.tables.list on ${bridge.dataset}`,
    after: caller,
  } as const
  const make = 'the first log makes it; see the check of the dataset'
  return [
    {
      ...{ group: 'bigquery', what: 'quota of new streams, by the plan', asks: 'nothing', make: '' },
      run: async () => judgeStreams(bridge),
    },
    {
      ...{ ...listing, what: 'quota of write connections, by the plan', make },
      run: async () => judgeConnections(bridge, (await names()).length),
    },
    ...sources
      .filter(({ split }) => split === 'tables')
      .map(
        ({ name, maxTables }): Check => ({
          ...{ ...listing, source: name, what: 'tables', make },
          run: async () =>
            judgeTables((await names()).filter((id) => id.startsWith(`${name}_`)).length, maxTables),
        }),
      ),
  ]
}

/**
 * Instances share the project's streams, so that the quota is never passed; but a share that is too small makes commits
 * wait. Half of it can be used at once (stream-budget.ts), and a commit takes a stream for each table it writes.
 */
export function judgeStreams(bridge: Bridge): Finding {
  const instances = instancesOf(bridge)
  const atOnce = Math.floor(streamsAnHour / instances / 2)
  const most = Math.max(...bridge.sources.map(mostTables))
  const share = `${formatCount(streamsAnHour)} an hour among ${instances} instances: ${formatCount(atOnce)} at once each`
  return most + 1 <= atOnce
    ? pass(share)
    : warn(
        `${share}; a commit to all ${formatCount(most)} tables of a source needs ${formatCount(most + 1)} and would wait`,
        'lower maxInstances (google.function, google.lanes) or maxTables, or split by cluster',
      )
}

/** Tables a source may have: those of its apps, and one for all others, or for all, of each format. */
function mostTables({ split, maxTables, format }: Source): number {
  return (split === 'tables' ? maxTables : 0) + (format ? 1 : formatNames.length)
}

export function judgeConnections(bridge: Bridge, tables: number): Finding {
  const instances = instancesOf(bridge)
  const multi = /^(US|EU)$/i.test(bridge.google.location)
  const limit = multi ? connections.multiRegion : connections.region
  // The log of objects and the rejects.
  const needed = instances * (tables + 2)
  const text = `${formatCount(needed)} if ${instances} instances write all ${formatCount(tables + 2)} tables at once, of ${formatCount(limit)}`
  const fix =
    'lower maxInstances or maxTables, or have the quota "concurrent connections" of the Storage Write API raised'
  return needed <= limit ? pass(text) : warn(text, fix)
}

export function judgeTables(count: number, cap: number): Finding {
  const text = `${formatCount(count)} of at most ${formatCount(cap)}`
  const fix = "raise the source's maxTables, or split: 'cluster'"
  if (count >= cap) return warn(`${text}: rows of further apps go to the table of others`, fix)
  return finding(count >= cap * 0.9 ? [warn(text, fix)] : [], text)
}
