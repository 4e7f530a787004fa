import { type LineBlock, maxLineBytes } from '../../model/line-block.ts'
import { withoutMark } from '../reading/byte-order-mark.ts'
import { type Framing, RecordCutter } from './record-cutter.ts'

/** Every document is a record. */
export const wholeDocuments: Framing = { list: undefined, envelope: false }

/**
 * Cuts JSON documents, one after the other with or without anything between, into records: the elements of each
 * one's list, or the whole of it. Memory stays bounded by one chunk and `limit`, however long a list is.
 *
 * Nothing is checked that finding the ends does not need: that is the parser's. What is no document is a record
 * all the same, and so is what a document cut short or damaged leaves: the parser rejects them.
 */
export async function* jsonRecords(
  source: AsyncIterable<Buffer>,
  framing = wholeDocuments,
  limit = maxLineBytes,
): AsyncGenerator<LineBlock> {
  const cutter = new RecordCutter(framing, limit)
  for await (const chunk of withoutMark(source)) yield* cutter.cut(chunk)
  yield* cutter.finish()
}
