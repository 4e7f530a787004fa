import { type HopLatency, objectCount } from './hop-latency.ts'
import { objects } from './hop-notes.ts'
import { latencyPlot, plotHeight, plotStyle, plotWidth } from './latency-plot.ts'
import { escapeMarkup } from './markup.ts'

export interface LatencyHeading {
  readonly title: string
  /** Such as the time range. */
  readonly subtitle?: string
}

const headingHeight = 64

/** A picture that stands alone: no script, no font, no other file. */
export function latencySvg(hops: readonly HopLatency[], heading: LatencyHeading): string {
  const height = headingHeight + plotHeight(hops.length)
  const title = escapeMarkup(heading.title)
  return `<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 ${plotWidth} ${height}" width="${plotWidth}" height="${height}" role="img" aria-label="${title}">
<title>${title}</title>
<style>${plotStyle}.plot .title { font-size: 20px; font-weight: 600; fill: var(--ink) }
.plot .paper { fill: var(--paper) }
</style>
<rect class="paper" width="100%" height="100%"/>
<text class="title" x="20" y="34">${title}</text>
<text x="20" y="54">${escapeMarkup(subtitleOf(hops, heading))}</text>
${latencyPlot(hops, headingHeight)}
</svg>
`
}

/** The given subtitle followed by the number of objects. */
export function subtitleOf(hops: readonly HopLatency[], { subtitle }: LatencyHeading): string {
  const measured = objects(objectCount(hops))
  return subtitle === undefined ? measured : `${subtitle}, ${measured}`
}
