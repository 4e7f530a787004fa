import { distributions } from '../terminal/distributions.ts'
import { histogram } from '../terminal/histogram.ts'
import { paint, type Terminal } from '../terminal/terminal.ts'
import { type HopLatency, objectCount } from './hop-latency.ts'
import { hopNotes, objects } from './hop-notes.ts'

/** One screen: a line per hop over a common time axis, what qualifies them, and the total in readable buckets. */
export function latencyText(hops: readonly HopLatency[], terminal: Terminal): string {
  const rows = hops.map((latency) => {
    const [note] = hopNotes(latency)
    return { name: latency.hop, values: latency.values, ...(note === undefined ? {} : { whenEmpty: note }) }
  })
  const notes = hops
    .filter((latency) => latency.values.length > 0)
    .flatMap((latency) => hopNotes(latency).map((note) => `${latency.hop}: ${note}`))
  const total = hops.find((latency) => latency.hop === 'total')?.values ?? []
  return [
    `${paint(terminal, 'bold', 'Latency per hop')}  ${objects(objectCount(hops))}`,
    '',
    distributions(rows, terminal),
    ...notes.map((note) => paint(terminal, 'yellow', note)),
    ...(total.length === 0 ? [] : ['', histogram({ title: 'total', values: total }, terminal)]),
  ].join('\n')
}
