/** The `soak` command: many events, or one very large object, through one load function; fails when it leaks. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import bridge from '../bridge.config.ts'
import { googleDefaults } from './local/bridge.ts'
import { StateDirectory } from './local/state-directory.ts'
import { forgetEmulators, pointClientsAt, readCommandSettings, terminalOf } from './settings.ts'
import { growth } from './soak/growth.ts'
import { loadLargeObject } from './soak/large-object.ts'
import { type Sample, soakEvents } from './soak/soak-events.ts'
import { formatBytes } from './terminal/bytes.ts'
import { formatCount } from './terminal/count.ts'
import { formatDuration } from './terminal/duration.ts'
import { Progress } from './terminal/progress.ts'

const { events, large } = new Command('soak')
  .description(
    'Runs events through one load function and compares its memory and handles with those at the start.',
  )
  .option('--events <n>', 'how many events', Number, 20_000)
  .option('--large', 'instead: one object of 1 GB, killed half-way')
  .parse()
  .opts<{ events: number; large?: boolean }>()

forgetEmulators()
pointClientsAt(googleDefaults(bridge.google.project))
const directory = await mkdtemp(join(tmpdir(), 'causeway-soak-'))
const state = new StateDirectory(directory)
try {
  const faults = large ? await soakLarge() : growth(await soak())
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  process.exitCode = faults.length > 0 ? 1 : 0
} finally {
  await rm(directory, { recursive: true, force: true })
}

async function soak(): Promise<Sample[]> {
  const startedAt = Date.now()
  const columns = ['events', 'after', 'rss', 'heap', 'buffers', 'resources', 'files']
  print(columns)
  const onSample = (sample: Sample) =>
    print([
      formatCount(sample.events),
      formatDuration(Date.now() - startedAt),
      ...[sample.rss, sample.heap, sample.external].map(formatBytes),
      String(sample.resources),
      String(sample.files ?? 'unknown'),
    ])
  return soakEvents({ bridge, state, events, onSample })
}

function print(cells: readonly string[]): void {
  process.stdout.write(`${cells.map((cell) => cell.padStart(12)).join('')}\n`)
}

async function soakLarge(): Promise<string[]> {
  const terminal = terminalOf(process.stderr, readCommandSettings())
  const progress = new Progress({ stream: process.stderr, terminal, now: Date.now })
  const onProgress = (count: number, total: number) =>
    progress.show([{ stage: 'rows appended', count, total }])
  const run = await loadLargeObject({ bridge, state, bytes: 1_000_000_000, onProgress })
  progress.done()
  await run.bridge.stop()
  const peaks = run.peaks?.map(formatBytes).join(' and ') ?? 'unknown without /proc'
  process.stdout.write(
    `${formatCount(run.lines)} lines in ${formatDuration(run.millis)}; memory at most ${peaks}\n`,
  )
  return (run.peaks ?? [])
    .filter((peak) => peak >= 400_000_000)
    .map((peak) => `the process took ${formatBytes(peak)}, 400 MB are allowed`)
}
