/** The `simulate` command: the real load code under drawn misfortune, seed after seed. */
import { availableParallelism } from 'node:os'
import { Command, Option } from 'commander'
import { readCommandSettings, terminalOf } from './settings.ts'
import { type BrokenProtocol, brokenProtocols } from './simulate/broken.ts'
import { revisionIn } from './simulate/revision.ts'
import { runSeed, type SeedResult } from './simulate/run-seed.ts'
import { runSeeds } from './simulate/run-seeds.ts'
import { formatCount } from './terminal/count.ts'
import { formatDuration } from './terminal/duration.ts'
import { Progress } from './terminal/progress.ts'
import { wholeNumber } from './whole-number.ts'

interface SimulateOptions {
  readonly seeds: number
  readonly seed: number
  readonly json?: boolean
  readonly broken?: BrokenProtocol
  readonly beside?: string
}

/** What is counted over all seeds. */
const counted = [
  'objects',
  'deliveries',
  'crashes',
  'freezes',
  'lateEffects',
  'missed',
  'pastSaving',
  'lost',
  'duplicated',
] as const

const program = new Command('simulate')
  .description(
    'Runs the real load code against in-memory servers in virtual time. Each seed draws uploads, duplicates, delays, ' +
      'lost replies, crashes and restarts, copies that go, refusals and outages; then every line must be in exactly one ' +
      'row or reject.',
  )
  .option('--seeds <n>', 'how many seeds', wholeNumber, 1_000)
  .option(
    '--seed <s>',
    'the first seed; alone, with --seeds 1, its trace is printed when it fails',
    wholeNumber,
    1,
  )
  .addOption(
    new Option('--broken <protocol>', 'take a part out, to see it caught').choices(
      Object.keys(brokenProtocols),
    ),
  )
  .option(
    '--beside <directory>',
    'a directory with functions/ of another revision, at work beside this one until a drawn moment',
  )
  .option('--json', 'the result as JSON')
  .parse()

process.exitCode = await simulate(program.opts<SimulateOptions>())

async function simulate(options: SimulateOptions): Promise<number> {
  const { seed: first, seeds: count, broken, beside } = options
  const terminal = terminalOf(process.stderr, readCommandSettings())
  const progress = new Progress({ stream: process.stderr, terminal, now: Date.now })
  const sums = { seeds: 0, ...zeros() }
  const failed: SeedResult[] = []
  const startedAt = Date.now()
  await runSeeds({ first, count, broken, beside }, availableParallelism(), (result) => {
    sums.seeds += 1
    for (const name of counted) sums[name] += result[name]
    if (result.faults.length > 0) failed.push(result)
    progress.show([
      { stage: 'seeds', count: sums.seeds, total: count },
      { stage: 'crashes', count: sums.crashes },
      { stage: 'failed', count: failed.length },
    ])
    return false
  })
  progress.done()
  const millis = Date.now() - startedAt
  failed.sort((a, b) => a.seed - b.seed)
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ ...sums, millis, failed: failed.map(({ seed, faults }) => ({ seed, faults })) })}\n`,
    )
  else process.stdout.write(`${describe(sums, millis)}\n`)
  if (failed[0] && !options.json) process.stdout.write(`\n${await explain(failed[0].seed, options)}\n`)
  return failed.length > 0 ? 1 : 0
}

function zeros() {
  return Object.fromEntries(counted.map((name) => [name, 0])) as Record<(typeof counted)[number], number>
}

function describe(sums: Readonly<Record<string, number>>, millis: number): string {
  const of = (name: string) => formatCount(sums[name] ?? 0)
  const rate = formatCount(Math.round(((sums['seeds'] ?? 0) * 60_000) / millis))
  return (
    `${of('seeds')} seeds in ${formatDuration(millis)} (${rate} a minute): ${of('objects')} objects, ` +
    `${of('deliveries')} deliveries, ${of('crashes')} crashes, ${of('freezes')} processes that stood still, ` +
    `${of('lateEffects')} late effects, ${of('missed')} objects gone before they were loaded, ` +
    `${of('pastSaving')} sealed lines on streams that others ended\n` +
    `${of('lost')} lines lost, ${of('duplicated')} duplicated`
  )
}

/** Runs a failed seed again, with its trace. */
async function explain(seed: number, { broken, beside }: SimulateOptions): Promise<string> {
  const { faults, trace = [] } = await runSeed(seed, {
    traced: true,
    broken: broken && brokenProtocols[broken],
    beside: beside === undefined ? undefined : await revisionIn(beside),
  })
  const flags = `${broken ? ` --broken "${broken}"` : ''}${beside ? ` --beside ${beside}` : ''}`
  return [
    `seed ${seed} fails; again with: npm run simulate -- --seeds 1 --seed ${seed}${flags}`,
    ...faults.map((fault) => `  - ${fault}`),
    'what happened (virtual milliseconds):',
    ...trace,
  ].join('\n')
}
