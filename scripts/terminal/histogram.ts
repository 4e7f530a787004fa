import { bar } from './bars.ts'
import { padStart, textWidth } from './cell-text.ts'
import { formatCount } from './count.ts'
import { formatDuration } from './duration.ts'
import { type DurationBucket, durationBuckets, occupied } from './duration-buckets.ts'
import { quantiles } from './quantiles.ts'
import { paint, type Terminal } from './terminal.ts'

export interface HistogramInput {
  readonly title: string
  /** Durations in ms, in any order. */
  readonly values: readonly number[]
}

const widestBar = 48

/** One distribution of durations: a line of quantiles and one bar per occupied bucket. */
export function histogram({ title, values }: HistogramInput, terminal: Terminal): string {
  const summary = quantiles(values)
  if (summary === undefined) return `${paint(terminal, 'bold', title)}  no values`
  const figures = [
    `n ${formatCount(values.length)}`,
    ...Object.entries(summary).map(([name, ms]) => `${name} ${formatDuration(ms)}`),
  ].join('  ')
  return [
    `${paint(terminal, 'bold', title)}  ${figures}`,
    ...bucketLines(occupied(durationBuckets(values)), terminal),
  ].join('\n')
}

function bucketLines(buckets: readonly DurationBucket[], terminal: Terminal): readonly string[] {
  const labels = buckets.map((bucket) => bucketLabel(bucket, terminal.ascii ?? false))
  const counts = buckets.map((bucket) => formatCount(bucket.count))
  const labelWidth = Math.max(...labels.map(textWidth))
  const countWidth = Math.max(...counts.map(textWidth))
  const greatest = Math.max(...buckets.map((bucket) => bucket.count))
  const room = terminal.columns - labelWidth - countWidth - 6
  const barWidth = Math.max(8, Math.min(widestBar, room))
  return buckets.map((bucket, index) => {
    const drawn = bar(bucket.count / greatest, barWidth, terminal.ascii ?? false)
    const label = padStart(labels[index] ?? '', labelWidth)
    const count = padStart(counts[index] ?? '', countWidth)
    return `  ${paint(terminal, 'dim', label)}  ${count}  ${paint(terminal, 'cyan', drawn)}`.trimEnd()
  })
}

function bucketLabel({ fromMs, toMs }: DurationBucket, ascii: boolean): string {
  if (toMs === null) return `${formatDuration(fromMs)} or more`
  if (fromMs === 0) return `under ${formatDuration(toMs)}`
  return `${formatDuration(fromMs)} ${ascii ? '-' : '–'} ${formatDuration(toMs)}`
}
