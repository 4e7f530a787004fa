import type { Random } from '../random.ts'
import { appsOf, type SourceName } from './sources.ts'

/** An object as uploaded, and what must become of it. */
export interface SimulatedObject {
  readonly source: SourceName
  readonly key: string
  readonly etag: string
  readonly body: Buffer
  /** The token of each good line, and of each bad one: where it must be once. */
  readonly good: readonly string[]
  readonly bad: readonly string[]
  readonly lines: number
  /** `damaged`: reading fails after its last line. `refused`: a row of it is refused by BigQuery. */
  readonly fate: 'loads' | 'damaged' | 'refused'
}

/** A word in a row that makes the server refuse the request, as it would a value the column cannot hold. */
export const refusedWord = 'REFUSED-BY-THE-TABLE'

/** Whether a row has that word. */
export function isRefused(row: Readonly<Record<string, string | bigint>>): boolean {
  return String(row['message']).includes(refusedWord)
}

/** The token of a row of a log table, or of `rejects`. */
export function tokenOf(row: Readonly<Record<string, string | bigint>>): string {
  return String(row['message'] ?? row['raw_line']).replace(/^no JSON /, '')
}

/** @param fields names that lines may have beyond those of the format. */
export function drawObject(
  random: Random,
  { source, key, etag }: Pick<SimulatedObject, 'source' | 'key' | 'etag'>,
  fields: readonly string[] = [],
): SimulatedObject {
  const count = random() < 0.2 ? 20 + Math.floor(random() * 20) : Math.floor(random() * 8)
  const fate = random() < 0.06 ? 'damaged' : random() < 0.06 ? 'refused' : 'loads'
  const apps = appsOf[source]
  const good: string[] = []
  const bad: string[] = []
  const lines = Array.from({ length: Math.max(1, count) }, (_, n) => {
    const token = `${source}/${key}/${etag}/${n + 1}`
    // The line that is refused must be there.
    const refused = fate === 'refused' && n === 0 ? refusedWord : ''
    if (!refused && random() < 0.1) {
      bad.push(token)
      return `no JSON ${token}`
    }
    good.push(token)
    const app = apps[Math.floor(random() * apps.length)]
    const extra = fields.filter(() => random() < 0.5).map((name) => [name, drawValue(random)] as const)
    return JSON.stringify({ app, message: `${refused}${token}`, ...Object.fromEntries(extra) })
  })
  const body = Buffer.from(`${lines.join('\n')}\n`)
  return { source, key, etag, body, good, bad, lines: lines.length, fate }
}

/** Mostly of one type: processes that saw another first must come to agree. */
function drawValue(random: Random): number | string {
  return random() < 0.9 ? Math.floor(random() * 100) : 'text'
}
