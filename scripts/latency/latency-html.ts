import { formatCount } from '../terminal/count.ts'
import { formatDuration } from '../terminal/duration.ts'
import { quantiles } from '../terminal/quantiles.ts'
import type { HopLatency } from './hop-latency.ts'
import { hopNotes } from './hop-notes.ts'
import { latencyPlot, plotHeight, plotStyle, plotWidth } from './latency-plot.ts'
import { type LatencyHeading, subtitleOf } from './latency-svg.ts'
import { escapeMarkup } from './markup.ts'

const pageStyle = `
:root { color-scheme: light dark }
body { margin: 2rem auto; max-width: 1000px; padding: 0 1rem; color: light-dark(#1c2430, #e8ecf1); background: light-dark(#ffffff, #12171e);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif }
h1 { font-size: 1.5rem; margin: 0 }
p, td.span, .notes { color: light-dark(#5b6675, #9aa5b4) }
p { margin: 0 0 1rem }
svg { display: block; width: 100%; height: auto }
table { border-collapse: collapse; width: 100%; margin-top: 1.5rem }
th, td { padding: .4rem .75rem; text-align: right; border-bottom: 1px solid light-dark(#e3e7ec, #2b3440); font-variant-numeric: tabular-nums; white-space: nowrap }
th:first-child, td.span, th.span { text-align: left }
td.span { white-space: normal }
@media (max-width: 760px) { .span { display: none } }
.notes { margin-top: 1rem; padding-left: 1.2rem }
`

/** A page that stands alone: the picture, the figures as a table, and what qualifies them. Loads nothing. */
export function latencyHtml(hops: readonly HopLatency[], heading: LatencyHeading): string {
  const title = escapeMarkup(heading.title)
  const height = plotHeight(hops.length)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${pageStyle}${plotStyle}</style>
</head>
<body>
<h1>${title}</h1>
<p>${escapeMarkup(subtitleOf(hops, heading))}</p>
<svg class="plot" viewBox="0 0 ${plotWidth} ${height}" role="img" aria-label="${title}">
${latencyPlot(hops, 0)}
</svg>
${figures(hops)}
${notes(hops)}</body>
</html>
`
}

function figures(hops: readonly HopLatency[]): string {
  const titles = ['objects', 'p50', 'p90', 'p99', 'max']
  return [
    '<table>',
    `<thead><tr><th>hop</th><th class="span">from, to</th>${titles.map((title) => `<th>${title}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...hops.map(figureRow),
    '</tbody>',
    '</table>',
  ].join('\n')
}

function figureRow({ hop, span, values }: HopLatency): string {
  const found = quantiles(values)
  const durations =
    found === undefined
      ? ['–', '–', '–', '–']
      : [found.p50, found.p90, found.p99, found.max].map(formatDuration)
  const cells = [formatCount(values.length), ...durations].map((cell) => `<td>${cell}</td>`)
  return `<tr><th>${hop}</th><td class="span">${span}</td>${cells.join('')}</tr>`
}

function notes(hops: readonly HopLatency[]): string {
  const items = hops.flatMap((latency) =>
    hopNotes(latency).map((note) => `<li>${latency.hop}: ${escapeMarkup(note)}</li>`),
  )
  return items.length === 0 ? '' : `<ul class="notes">\n${items.join('\n')}\n</ul>\n`
}
