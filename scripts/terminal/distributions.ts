import { sparkline } from './bars.ts'
import { padEnd, padStart, textWidth } from './cell-text.ts'
import { formatCount } from './count.ts'
import { formatDuration } from './duration.ts'
import { axisBins, axisOver, axisPosition, axisTicks, type LogAxis } from './log-axis.ts'
import { quantiles } from './quantiles.ts'
import { paint, type Terminal } from './terminal.ts'

/** One line of the picture. */
export interface Distribution {
  readonly name: string
  /** Durations in ms. */
  readonly values: readonly number[]
  /** Shown in place of the picture when there are no values. */
  readonly whenEmpty?: string
}

const figureTitles = ['p50', 'p90', 'p99', 'max', 'n'] as const
const gap = '  '
/** As in `100 ms` and `10 min`. */
const longestLabel = 6

/** Several distributions over one logarithmic time axis, a line each, with their figures beside them. */
export function distributions(rows: readonly Distribution[], terminal: Terminal): string {
  const nameWidth = Math.max(0, ...rows.map((row) => textWidth(row.name)))
  const figures = rows.map((row) => figuresOf(row.values))
  const figureWidths = figureTitles.map((title, column) =>
    Math.max(title.length, ...figures.map((cells) => textWidth(cells[column] ?? ''))),
  )
  const figureLine = (cells: readonly string[]) =>
    figureWidths.map((width, column) => padStart(cells[column] ?? '', width)).join(gap)
  const plotWidth = plotWidthFor(terminal, nameWidth + textWidth(figureLine(figureTitles)) + 2 * gap.length)
  const axis = axisOver(rows.flatMap((row) => row.values))
  const line = (name: string, picture: string, cells: string) =>
    [padEnd(name, nameWidth), picture, cells].join(gap).trimEnd()
  const tickLine = line('', paint(terminal, 'dim', axisLabels(axis, plotWidth)), '')
  return [
    paint(terminal, 'bold', line('', ' '.repeat(plotWidth), figureLine(figureTitles))),
    ...rows.map((row, index) =>
      line(row.name, plot(row, axis, plotWidth, terminal), figureLine(figures[index] ?? [])),
    ),
    ...(rows.some((row) => row.values.length > 0) ? [tickLine] : []),
  ].join('\n')
}

function plotWidthFor(terminal: Terminal, taken: number): number {
  return Math.max(16, Math.min(64, terminal.columns - taken))
}

function figuresOf(values: readonly number[]): readonly string[] {
  const found = quantiles(values)
  if (found === undefined) return figureTitles.map((title) => (title === 'n' ? '0' : '-'))
  const { p50, p90, p99, max } = found
  return [...[p50, p90, p99, max].map(formatDuration), formatCount(values.length)]
}

function plot(row: Distribution, axis: LogAxis, width: number, terminal: Terminal): string {
  if (row.values.length === 0) return paint(terminal, 'dim', padEnd(row.whenEmpty ?? 'no values', width))
  return paint(terminal, 'cyan', sparkline(axisBins(axis, row.values, width), terminal.ascii ?? false))
}

/** Each label starts under its place on the axis. */
function axisLabels(axis: LogAxis, width: number): string {
  let labels = ''
  for (const tick of axisTicks(axis, (longestLabel + 1) / width)) {
    const start = Math.floor(axisPosition(axis, tick) * width)
    if (start + longestLabel <= width + gap.length) labels = labels.padEnd(start) + formatDuration(tick)
  }
  return labels.padEnd(width)
}
