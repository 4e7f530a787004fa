import { gzipSync } from 'node:zlib'
import { type Random, seededRandom } from '../../scripts/random.ts'

/** An object to upload, with what must come of it. */
export interface TrafficObject {
  readonly key: string
  readonly body: Buffer
  /** Each good line as a row: its number, its app and its message. */
  readonly rows: readonly { readonly line: number; readonly app: string; readonly message: string }[]
  readonly badLines: readonly number[]
}

const apps = ['web', 'search', 'billing']

/** Small objects of container logs: about 20 lines each of a few apps, a third of them gzip, with a bad line now and then. */
export function traffic(seed: number, count: number): TrafficObject[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, index) => trafficObject(random, `traffic/${index}.log`))
}

function trafficObject(random: Random, name: string): TrafficObject {
  const rows: TrafficObject['rows'][number][] = []
  const badLines: number[] = []
  const lines = Array.from({ length: 15 + Math.floor(random() * 10) }, (_, index) => {
    const line = index + 1
    const app = apps[Math.floor(random() * apps.length)] ?? ''
    const row = { line, app, message: `line ${line} of ${name}` }
    const text = JSON.stringify({ app, timestamp: new Date().toISOString(), message: row.message })
    const bad = random() < 0.03
    if (bad) badLines.push(line)
    else rows.push(row)
    return bad ? text.slice(0, -1) : text
  })
  const body = Buffer.from(`${lines.join('\n')}\n`)
  const zipped = random() < 0.3
  return { key: zipped ? `${name}.gz` : name, body: zipped ? gzipSync(body) : body, rows, badLines }
}
