import { type LineBlock, maxLineBytes } from '../../model/line-block.ts'

/** What a text is cut into. */
export type TextBlock = Exclude<LineBlock, { readonly kind: 'records' }>

const newline = 0x0a

/**
 * Cuts a byte stream at newlines, however it was chunked. Every byte is in exactly one block; memory stays
 * bounded by one chunk and `maxLineBytes`.
 */
export async function* lineBlocks(
  source: AsyncIterable<Buffer>,
  limit = maxLineBytes,
): AsyncGenerator<TextBlock> {
  let carried: Buffer[] = []
  let carriedBytes = 0
  let skipped = 0
  for await (const chunk of source) {
    let from = 0
    if (skipped > 0) {
      const end = chunk.indexOf(newline)
      if (end < 0) {
        skipped += chunk.length
        continue
      }
      yield { kind: 'overlong', head: Buffer.concat(carried), length: carriedBytes + skipped + end }
      ;[carried, carriedBytes, skipped, from] = [[], 0, 0, end + 1]
    }
    if (carriedBytes > 0) {
      // Only the line that two chunks share is copied: the memory of a chunk is given back sooner, and collected less.
      const end = chunk.indexOf(newline, from) + 1
      if (end > 0) {
        yield { kind: 'lines', bytes: Buffer.concat([...carried, chunk.subarray(from, end)]) }
        ;[carried, carriedBytes, from] = [[], 0, end]
      }
    }
    const cut = chunk.lastIndexOf(newline) + 1
    if (cut > from) {
      yield { kind: 'lines', bytes: chunk.subarray(from, cut) }
      from = cut
    }
    const tail = chunk.subarray(from, from + limit - carriedBytes)
    if (tail.length > 0) carried.push(tail)
    carriedBytes += tail.length
    skipped = chunk.length - from - tail.length
  }
  if (skipped > 0) yield { kind: 'overlong', head: Buffer.concat(carried), length: carriedBytes + skipped }
  else if (carriedBytes > 0) yield { kind: 'lines', bytes: Buffer.concat(carried) }
}
