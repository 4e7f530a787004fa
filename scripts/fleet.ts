/** The `fleet` command: how soon objects are loaded by a fleet of instances, in virtual time. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { streamsAnHour } from '../functions/append/stream-budget.ts'
import { type FleetResult, type Load, runFleet } from './fleet/run-fleet.ts'
import { readCommandSettings, terminalOf } from './settings.ts'
import { formatDuration } from './terminal/duration.ts'
import { Progress } from './terminal/progress.ts'
import { quantiles } from './terminal/quantiles.ts'
import { table } from './terminal/table.ts'
import { wholeNumber } from './whole-number.ts'

const share = (text: string) => {
  const value = Number(text)
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError('must be a number from 0 to below 1')
  return value
}

interface FleetOptions {
  readonly instances: number
  readonly apps: number
  readonly minutes: number
  readonly every: number
  readonly badShare: number
  readonly bad: 'table' | 'row'
  readonly seed: number
  readonly backfill: number
  readonly backfillIn: 'live' | 'lane'
  readonly json?: boolean
}

/** How much longer live objects may take beside a backfill. */
const mostSlowdown = 2

const options = new Command('fleet')
  .description(
    'Runs the real load code on a fleet of instances against in-memory services in virtual time: tables and streams ' +
      'are made on the way, calls take what they take within a region, and messages come back as Pub/Sub has them. ' +
      'Measures the time from the notification of an object to the acknowledgement, and counts calls.',
  )
  .option('--instances <n>', 'instances of the load function', wholeNumber, 10)
  .option('--apps <n>', 'apps in each object, a table each', wholeNumber, 200)
  .option('--minutes <n>', 'how long objects come', wholeNumber, 60)
  .option('--every <ms>', 'milliseconds between objects', wholeNumber, 1_000)
  .option('--bad-share <x>', 'share of objects that are no good', share, 0)
  .addOption(
    new Option('--bad <what>', 'what is wrong with those: nobody may write their table, or a row is refused')
      .choices(['table', 'row'])
      .default('table'),
  )
  .option(
    '--backfill <n>',
    'objects of a backfill beside: how much longer do the others take?',
    wholeNumber,
    0,
  )
  .addOption(
    new Option('--backfill-in <what>', 'what loads those: a lane of their own, or the same instances')
      .choices(['lane', 'live'])
      .default('lane'),
  )
  .option('--seed <n>', 'of everything that is drawn', wholeNumber, 1)
  .option('--json', 'the result as JSON')
  .parse()
  .opts<FleetOptions>()

process.exitCode = await fleet()

async function fleet(): Promise<number> {
  const { minutes, every, ...rest } = options
  const load: Load = { ...rest, every, objects: Math.ceil((minutes * 60_000) / every) }
  const terminal = terminalOf(process.stderr, readCommandSettings())
  const progress = new Progress({ stream: process.stderr, terminal, now: Date.now })
  const run = (what: Load) =>
    runFleet(what, (count) => progress.show([{ stage: 'objects loaded', count, total: load.objects }]))
  const quiet = load.backfill > 0 ? await run({ ...load, backfill: 0 }) : undefined
  const result = await run(load)
  progress.done()
  const { latencies, ...counts } = result
  const times = quantiles(latencies)
  const quietTimes = quiet && quantiles(quiet.latencies)
  const slowdown = quietTimes && times ? times.p99 / quietTimes.p99 : 1
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ ...load, ...counts, latency: times, quiet: quietTimes, slowdown })}\n`,
    )
  else {
    process.stdout.write(`${describe(load, result)}\n`)
    if (quietTimes)
      process.stdout.write(
        `Without the backfill, the p99 is ${formatDuration(quietTimes.p99)}: beside it, ${slowdown.toFixed(2)} times that.\n`,
      )
  }
  return result.lost + result.duplicated > 0 || slowdown > mostSlowdown ? 1 : 0
}

function describe(
  load: Load,
  { latencies, objects, deliveries, calls, lost, duplicated, backfilled, backfillTook }: FleetResult,
): string {
  const times = quantiles(latencies)
  const seconds = (millis: number | undefined) => (millis === undefined ? 'none' : formatDuration(millis))
  const rows = [
    ['objects', objects],
    ['deliveries', deliveries],
    ['notification to acknowledgement, p50', seconds(times?.p50)],
    ['p90', seconds(times?.p90)],
    ['p99', seconds(times?.p99)],
    ['longest', seconds(times?.max)],
    [`CreateWriteStream, of ${streamsAnHour} an hour`, calls.createStream],
    ['AppendRows', calls.append],
    ['FlushRows', calls.flush],
    ...(backfilled > 0 ? [['objects of the backfill', backfilled]] : []),
    ...(backfilled > 0 ? [['loaded in', seconds(backfillTook)]] : []),
    ['lines lost', lost],
    ['lines duplicated', duplicated],
  ] as const
  const what = `${load.instances} instances, ${load.apps} apps an object, an object each ${formatDuration(load.every)}`
  return table([what, ''], rows, terminalOf(process.stdout, readCommandSettings()))
}
