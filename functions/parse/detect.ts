import { type FormatName, formats } from './formats.ts'
import type { RowWriter } from './row-writer.ts'

/** Lines looked at. */
const sampled = 50
const newline = 0x0a

/** Forgets everything: to see whether a line parses. */
const nowhere: RowWriter = {
  text: () => undefined,
  string: () => undefined,
  integer: () => undefined,
  float: () => undefined,
  boolean: () => undefined,
  timestamp: () => undefined,
  eventTime: () => true,
  app: () => undefined,
  rest: () => undefined,
}

/**
 * The format most of the first lines can be read as; undefined when none reads any.
 * @param head the first bytes of a file, decompressed; a line cut off at its end does no harm.
 */
export function detectFormat(head: Buffer): FormatName | undefined {
  const lines = linesOf(head)
  const read = Object.entries(formats).map(([name, format]) => {
    const parse = format.parser([])
    const count = lines.filter((line) => parse(line, 0, line.length, nowhere) === undefined).length
    return { name: name as FormatName, count }
  })
  return read.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count)[0]?.name
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
