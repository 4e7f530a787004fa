import type { LineBlock } from '../../model/line-block.ts'
import { peek } from '../reading/decompress.ts'
import { lineBlocks } from '../reading/line-blocks.ts'
import { jsonRecords } from './json-records.ts'

/** A line that goes on for so many bytes is taken for many objects. */
const longLine = 256 * 1024
const newline = 0x0a
const openObject = 0x7b

/**
 * Cuts JSON lines, also those that nobody ended: Firehose writes records one right after the other unless set
 * otherwise, megabytes without a newline. Where an object begins so, its JSON objects count as its lines.
 */
export async function* jsonLineBlocks(source: AsyncIterable<Buffer>): AsyncGenerator<LineBlock> {
  const { head, rest } = await peek(source, longLine)
  yield* isEndless(head) ? jsonRecords(rest) : lineBlocks(rest)
}

/** Whether the first bytes of an object are JSON without an end of a line. */
export function isEndless(head: Buffer): boolean {
  return head.length >= longLine && head[0] === openObject && !head.includes(newline)
}
