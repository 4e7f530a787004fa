import type { LineBlock } from '../../model/line-block.ts'
import { peek } from './decompress.ts'
import { type Begins, joinedLines } from './joined-lines.ts'
import { lineBlocks } from './line-blocks.ts'

/** Bytes, and lines of them, that show whether the lines of a text begin with times. */
const lookedAt = 64 * 1024
const sampled = 200

/** So large a share of the first lines must begin records: a file may be all stack traces, and a list of dates is none. */
const leastShare = 0.05

const newline = 0x0a

/**
 * Cuts a text into records of one line or more, where its lines show that it has such; else into lines. It has them when
 * its first line begins a record, or some of its first lines do.
 * @param join false: every line is a record.
 */
export async function* recordBlocks(
  source: AsyncIterable<Buffer>,
  begins: Begins,
  join = true,
): AsyncGenerator<LineBlock> {
  if (!join) return yield* lineBlocks(source)
  const { head, rest } = await peek(source, lookedAt)
  if (hasRecords(head, begins)) yield* joinedLines(rest, begins)
  else yield* lineBlocks(rest)
}

function hasRecords(head: Buffer, begins: Begins): boolean {
  let [lines, records] = [0, 0]
  for (let start = 0; start < head.length && lines < sampled; ) {
    const cut = head.indexOf(newline, start)
    const end = cut < 0 ? head.length : cut
    if (end > start) {
      lines += 1
      if (begins(head, start, end)) records += 1
      if (lines === 1 && records === 1) return true
    }
    start = end + 1
  }
  return records >= 2 && records / lines >= leastShare
}
