import { instancesOf } from '../../cdktf/google/lanes.ts'
import { streamsAnHour, streamsASecond } from '../../functions/append/stream-budget.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { formatCount } from '../terminal/count.ts'
import { type About, once } from './about.ts'
import { type Check, type Finding, finding, pass, warn } from './check.ts'
import { mostByLane, tablesByLane } from './lane-tables.ts'

/** Write connections, regions and multi-regions: https://cloud.google.com/bigquery/quotas#write-api-limits [2026-11] */
const connections = { region: 5_000, multiRegion: 20_000 }

/** Seconds a fresh instance may take until it has a stream for every table: logs wait for it. */
const longestStart = 120

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
      ...listing,
      what: 'quota of new streams, by the plan',
      make,
      run: async () => judgeStreams(bridge, await names()),
    },
    {
      ...listing,
      what: 'quota of write connections, by the plan',
      make,
      run: async () => judgeConnections(bridge, await names()),
    },
    ...sources
      .filter(({ split }) => split === 'tables')
      .map(
        ({ name, maxTables }): Check => ({
          ...listing,
          source: name,
          what: 'tables',
          make,
          run: async () =>
            judgeTables((await names()).filter((id) => id.startsWith(`${name}_`)).length, maxTables),
        }),
      ),
  ]
}

/**
 * An instance makes one stream for each table it writes, when it first does, and keeps it for its life: so what counts
 * is how often instances start, not how much they load. All share what the project may make, an hour and a second.
 * @param names tables of the logs' dataset.
 */
export function judgeStreams(bridge: Bridge, names: readonly string[]): Finding {
  const instances = instancesOf(bridge)
  const streams = Math.max(...tablesByLane(bridge, names).map(({ tables }) => tables))
  const seconds = secondsFor(streams, instances)
  const restarts = Math.floor(streamsAnHour / (streams * instances))
  const most = Math.max(...mostByLane(bridge))
  const text =
    `a fresh instance needs ${formatCount(seconds)} s for streams of its ${formatCount(streams)} tables, ` +
    `${formatCount(secondsFor(most, instances))} s for the ${formatCount(most)} it may come to; ` +
    `restarts of all ${formatCount(instances)} within ${formatCount(streamsAnHour)} streams an hour: ${formatCount(restarts)}`
  const fix =
    "lower maxInstances (google.function, google.lanes), or split: 'cluster' the source with most tables"
  if (restarts < 1) return warn(`${text}; when all start, some wait for the next hour`, fix)
  return seconds > longestStart ? warn(`${text}; logs wait while instances start`, fix) : pass(text)
}

/** Each instance has the same share of the calls, whatever the others do. */
function secondsFor(streams: number, instances: number): number {
  return Math.ceil((streams * instances) / streamsASecond)
}

/**
 * A stream is written through a connection of its own.
 * @param names tables of the logs' dataset.
 */
export function judgeConnections(bridge: Bridge, names: readonly string[]): Finding {
  const instances = instancesOf(bridge)
  const multi = /^(US|EU)$/i.test(bridge.google.location)
  const limit = multi ? connections.multiRegion : connections.region
  // And one for the log of objects.
  const needed = tablesByLane(bridge, names).reduce(
    (sum, lane) => sum + lane.instances * (lane.tables + 1),
    0,
  )
  const text = `${formatCount(needed)} if all ${formatCount(instances)} instances write every table there is, of ${formatCount(limit)}`
  const fix =
    "lower maxInstances, split: 'cluster' the source with most tables, " +
    'or have the quota "concurrent connections" of the Storage Write API raised'
  return needed <= limit ? pass(text) : warn(text, fix)
}

export function judgeTables(count: number, cap: number): Finding {
  const text = `${formatCount(count)} of at most ${formatCount(cap)}`
  const fix = "raise the source's maxTables, or split: 'cluster'"
  if (count >= cap) return warn(`${text}: rows of further apps go to the table of others`, fix)
  return finding(count >= cap * 0.9 ? [warn(text, fix)] : [], text)
}
