/** The `bench` command: how fast the parse path is, format by format, beside bare gunzip of the same file. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { formatNames } from '../functions/parse/formats.ts'
import { type Measured, measure } from './bench/measure.ts'
import { readCommandSettings, terminalOf } from './settings.ts'
import { formatBytes } from './terminal/bytes.ts'
import { formatCount } from './terminal/count.ts'
import { Progress } from './terminal/progress.ts'
import { table } from './terminal/table.ts'

const baselineFile = join(import.meta.dirname, 'bench/baseline.json')

interface BenchOptions {
  readonly format?: (typeof formatNames)[number][]
  readonly megabytes: string
  readonly json?: boolean
  readonly write?: boolean
}

const options = new Command('bench')
  .description(
    'Measures the parse path on one core: compressed file in, encoded rows out, beside bare gunzip.',
  )
  .addOption(new Option('--format <name...>', 'only these formats').choices(formatNames))
  .option('--megabytes <n>', 'text to parse', '40')
  .option('--json', 'the result as JSON')
  .option('--write', 'make this the committed baseline')
  .parse()
  .opts<BenchOptions>()

const settings = readCommandSettings()
const progress = new Progress({
  stream: process.stderr,
  terminal: terminalOf(process.stderr, settings),
  now: Date.now,
})
const wanted = options.format ?? formatNames
const measured: Measured[] = []
for (const format of wanted) {
  progress.show([{ stage: `measured, now ${format}`, count: measured.length, total: wanted.length }])
  measured.push(await measure(format, Number(options.megabytes) * 1_000_000))
}
progress.done()
if (options.write) writeFileSync(baselineFile, `${JSON.stringify(ratios(measured), null, 2)}\n`)
process.stdout.write(options.json ? `${JSON.stringify(measured, null, 2)}\n` : `${describe(measured)}\n`)

/** What is comparable between machines: each format's share of gunzip's rate in the same run. */
function ratios(all: readonly Measured[]): Record<string, number> {
  return Object.fromEntries(all.map(({ format, ratio }) => [format, Math.round(ratio * 1000) / 1000]))
}

function describe(all: readonly Measured[]): string {
  const baseline: Readonly<Record<string, number>> = JSON.parse(readFileSync(baselineFile, 'utf8'))
  const rows = all.map((one) => [
    ...[one.format, formatBytes(one.bytes), formatCount(one.rows)],
    ...[`${formatBytes(one.gunzipBytesPerSecond)}/s`, `${formatBytes(one.loadBytesPerSecond)}/s`],
    ...[one.ratio.toFixed(3), baseline[one.format]?.toFixed(3) ?? 'none', formatBytes(one.peakBytes)],
  ])
  const titles = ['format', 'text', 'rows', 'gunzip', 'load', 'load/gunzip', 'baseline', 'held']
  return `${table(titles, rows, terminalOf(process.stdout, settings))}\n\nRates are for each second of CPU, over all threads.`
}
