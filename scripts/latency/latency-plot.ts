import { formatCount } from '../terminal/count.ts'
import { formatDuration } from '../terminal/duration.ts'
import { axisBins, axisOver, axisPosition, axisTicks, type LogAxis } from '../terminal/log-axis.ts'
import { quantiles } from '../terminal/quantiles.ts'
import type { HopLatency } from './hop-latency.ts'
import { hopNotes } from './hop-notes.ts'
import { escapeMarkup } from './markup.ts'

export const plotWidth = 960
const labelsLeft = 20
const plot = { left: 280, right: 850 }
const panel = { height: 118, flags: 44, bars: 58 }
const axisHeight = 36
const bins = 72
/** Of the width of the plot: room for `100 ms` and some air. */
const legibleTickGap = 0.09

/** Height of the plot of this many hops. */
export function plotHeight(hops: number): number {
  return hops * panel.height + axisHeight
}

/** Colours and type of the plot; follows the reader's light or dark setting. */
export const plotStyle = `
.plot { --ink: #1c2430; --soft: #5b6675; --line: #e3e7ec; --bar: #4c8bd6; --whole: #2f9e77; --mark: #c2410c; --paper: #ffffff }
@media (prefers-color-scheme: dark) {
  .plot { --ink: #e8ecf1; --soft: #9aa5b4; --line: #2b3440; --bar: #5b9be6; --whole: #45b890; --mark: #fb923c; --paper: #12171e }
}
.plot text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--soft) }
.plot .name { font-size: 15px; font-weight: 600; fill: var(--ink) }
.plot .flag { font-size: 11px; fill: var(--ink); font-variant-numeric: tabular-nums }
.plot .note { fill: var(--mark) }
.plot .grid { stroke: var(--line) }
.plot .base { stroke: var(--soft) }
.plot .bar { fill: var(--bar) }
.plot .total .bar { fill: var(--whole) }
.plot .mark { stroke: var(--mark); stroke-width: 1.5 }
`

/** One panel per hop over a common logarithmic time axis, as the content of an SVG element of class `plot`. */
export function latencyPlot(hops: readonly HopLatency[], top: number): string {
  const axis = axisOver(hops.flatMap(({ values }) => values))
  const ticks = axisTicks(axis, legibleTickGap)
  const panels = hops.map((hop, index) => hopPanel(hop, axis, ticks, top + index * panel.height))
  return [...panels, axisRow(axis, ticks, top + hops.length * panel.height)].join('\n')
}

function hopPanel(latency: HopLatency, axis: LogAxis, ticks: readonly number[], top: number): string {
  const base = top + panel.flags + panel.bars
  const grid = ticks.map((tick) => line('grid', xOf(axis, tick), top + panel.flags, base))
  return [
    `<g class="${latency.hop}">`,
    ...panelText(latency, top),
    ...grid,
    ...bars(latency.values, axis, base),
    `<line class="base" x1="${plot.left}" x2="${plot.right}" y1="${base + 0.5}" y2="${base + 0.5}"/>`,
    ...flags(latency.values, axis, top, base),
    '</g>',
  ].join('\n')
}

function panelText(latency: HopLatency, top: number): readonly string[] {
  const { hop, span, values } = latency
  const greatest = values.at(-1)
  const figures =
    greatest === undefined ? 'no values' : `n ${formatCount(values.length)}, max ${formatDuration(greatest)}`
  const first = top + panel.flags + 6
  return [
    text('name', labelsLeft, first, hop),
    text('span', labelsLeft, first + 18, span),
    text('span', labelsLeft, first + 34, figures),
    ...hopNotes(latency).map((note, index) => text('note', labelsLeft, first + 50 + 15 * index, note)),
  ]
}

function bars(values: readonly number[], axis: LogAxis, base: number): readonly string[] {
  const counts = axisBins(axis, values, bins)
  const greatest = Math.max(...counts)
  const width = (plot.right - plot.left) / bins
  return counts.flatMap((count, bin) => {
    if (count === 0) return []
    const height = Math.max(1.5, (count / greatest) * panel.bars)
    const place = `x="${round(plot.left + bin * width + 0.5)}" y="${round(base - height)}"`
    return `<rect class="bar" ${place} width="${round(width - 1)}" height="${round(height)}" rx="1"/>`
  })
}

/**
 * The quantile marks, labelled on steps that go down to the right: the line of a greater quantile then never
 * crosses the label of a smaller one, however close they are.
 */
function flags(values: readonly number[], axis: LogAxis, top: number, base: number): readonly string[] {
  const found = quantiles(values)
  if (found === undefined) return []
  const marks = [
    ['p50', found.p50],
    ['p90', found.p90],
    ['p99', found.p99],
  ] as const
  return marks.flatMap(([name, ms], step) => {
    const x = xOf(axis, ms)
    const y = top + 4 + 13 * step
    return [line('mark', x, y, base), text('flag', x + 5, y + 9, `${name} ${formatDuration(ms)}`)]
  })
}

function axisRow(axis: LogAxis, ticks: readonly number[], top: number): string {
  const marks = ticks.map((tick) =>
    text('tick', xOf(axis, tick), top + 8, formatDuration(tick), 'text-anchor="middle"'),
  )
  return ['<g class="axis">', ...marks, '</g>'].join('\n')
}

function xOf(axis: LogAxis, ms: number): number {
  return round(plot.left + axisPosition(axis, ms) * (plot.right - plot.left))
}

function line(kind: string, x: number, from: number, to: number): string {
  return `<line class="${kind}" x1="${x}" x2="${x}" y1="${from}" y2="${to}"/>`
}

function text(kind: string, x: number, y: number, content: string, more = ''): string {
  return `<text class="${kind}" x="${round(x)}" y="${y}" ${more}>${escapeMarkup(content)}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
