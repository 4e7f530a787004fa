import type { Detection, Format } from './format.ts'
import { type FormatName, formatNames, formats } from './formats.ts'
import { nowhere } from './nowhere.ts'

/** Lines looked at. */
const sampled = 50
const newline = 0x0a

/** What reads fewer kinds of lines tells more when it reads these. */
const breadth: Readonly<Record<Detection['reads'], number>> = { own: 0, kind: 1, any: 2 }

/**
 * The format a file is in: of those that read at least half as many of its first lines as the best does, the one the
 * service delivers under such keys, then the most particular, then the one that reads most. Whatever the key says,
 * some lines must agree.
 *
 * Lines that none reads are `text`. Undefined when the key says what they should be, so that a change of an AWS
 * format is seen and not loaded as something else; and for what is no text.
 * @param head the first bytes of a file, decompressed; a line cut off at its end does no harm.
 * @param key the object's key, where there is one.
 */
export function detectFormat(head: Buffer, key = ''): FormatName | undefined {
  const lines = linesOf(head)
  const found = formatOfLines(lines, head, key)
  if (found || lines.length === 0) return found ?? 'text'
  const expected = Object.values(formats).some(({ detection }) => detection?.key?.test(key))
  return expected || head.includes(0) ? undefined : 'text'
}

function formatOfLines(lines: readonly Buffer[], head: Buffer, key: string): FormatName | undefined {
  const read = Object.entries(formats).flatMap(([name, { detection, ...format }]) => {
    if (!detection) return []
    const count = detection.count?.(lines, head) ?? countRows(format, lines)
    // One line in many that is JSON, or looks like a syslog message, is found in any text.
    if (detection.reads !== 'own' && count * 4 < lines.length) return []
    const keyed = detection.key?.test(key) ? 1 : 0
    return [{ name: name as FormatName, count, keyed, breadth: breadth[detection.reads] }]
  })
  const most = Math.max(...read.map(({ count }) => count))
  return read
    .filter(({ count, keyed }) => count > 0 && (keyed > 0 || count * 2 >= most))
    .toSorted((a, b) => b.keyed - a.keyed || a.breadth - b.breadth || b.count - a.count)[0]?.name
}

/** The format a Parquet file is in, by its columns' names; undefined when they are of none that comes as Parquet. */
export function detectParquet(columns: readonly string[]): FormatName | undefined {
  return formatNames.find((name) => {
    const own = formats[name].detection?.parquet
    return own && columns.some((column) => own.test(column))
  })
}

function countRows(format: Pick<Format, 'parser' | 'recordsOfLine'>, lines: readonly Buffer[]): number {
  const parse = format.parser([])
  const isRead = (line: Buffer) => parse(line, 0, line.length, nowhere) === undefined
  return lines.filter((line) => isRead(line) || format.recordsOfLine?.(line) !== undefined).length
}

function linesOf(head: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < head.length && lines.length < sampled; ) {
    const cut = head.indexOf(newline, start)
    const end = cut < 0 ? head.length : cut
    const line = head.subarray(start, end > start && head[end - 1] === 0x0d ? end - 1 : end)
    if (line.length > 0) lines.push(line)
    start = end + 1
  }
  return lines
}
