/** Longest line that is parsed. ALB, CloudTrail and container logs stay far below it. */
export const maxLineBytes = 4 * 1024 * 1024

/**
 * A piece of an object on its way to the parser. A line is whatever the format counts: a line of text, or a record
 * of a document.
 */
export type LineBlock =
  | {
      readonly kind: 'lines'
      /** Whole lines; each ends with \n, but perhaps the object's last. */
      readonly bytes: Buffer
    }
  | {
      readonly kind: 'records'
      /** Whole records, of formats that do not end theirs with a newline. */
      readonly records: readonly Buffer[]
    }
  | {
      readonly kind: 'overlong'
      /** The line's first `maxLineBytes` bytes. */
      readonly head: Buffer
      /** Length of the whole line in bytes. */
      readonly length: number
    }

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
