import type { FirstLines, Format } from '../../model/format.ts'
import { behindMark } from '../reading/byte-order-mark.ts'
import { nullWriter } from './null-writer.ts'

/** Lines looked at. */
const sampled = 50
const newline = 0x0a
const carriageReturn = 0x0d

/** The first lines of a file, for formats to say how many of them they read. */
export interface FormatSample extends FirstLines {
  /** The share of these lines that a format reads. */
  shareOf(format: Format): number
  /** Whether all of these lines are headers of a format: a file without rows. */
  isHeaders(format: Format): boolean
}

/** The sample that a file's first bytes are. */
export function sampleOf(first: Buffer): FormatSample {
  const head = behindMark(first)
  const lines = linesOf(head)
  return {
    lines,
    head,
    shareOf: (format) => format.detection?.share?.({ lines, head }) ?? shareOfRows(format, lines),
    isHeaders: (format) =>
      resultsOf(format, lines).every((result) => result.kind === 'skipped' && result.reason === 'header'),
  }
}

/** The share of lines that become rows, among those that could. */
export function shareOfRows(
  format: Pick<Format, 'parser' | 'recordsOfLine'>,
  lines: readonly Buffer[],
  isOwn: (line: Buffer) => boolean = () => true,
): number {
  const results = resultsOf(format, lines)
  const counted = lines.filter((line, index) => results[index]?.kind !== 'skipped' && !isContinued(line))
  const rows = lines.filter(
    (line, index) =>
      isOwn(line) && (results[index]?.kind === 'row' || format.recordsOfLine?.(line) !== undefined),
  )
  return counted.length === 0 ? 0 : Math.min(1, rows.length / counted.length)
}

function resultsOf({ parser }: Pick<Format, 'parser'>, lines: readonly Buffer[]) {
  const parse = parser([])
  return lines.map((line) => parse(line, 0, line.length, nullWriter))
}

/** Lines that go on with the one before, as stack traces do, say nothing of a format. */
function isContinued(line: Buffer): boolean {
  return line[0] === 0x20 || line[0] === 0x09
}

function linesOf(head: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < head.length && lines.length < sampled; ) {
    const cut = head.indexOf(newline, start)
    if (cut < 0 && lines.length > 0) break
    const end = cut < 0 ? head.length : cut
    const line = head.subarray(start, end > start && head[end - 1] === carriageReturn ? end - 1 : end)
    if (line.length > 0) lines.push(line)
    start = end + 1
  }
  return lines
}
