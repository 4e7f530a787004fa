/** What some programs put in front of UTF-8, and is no part of the text. */
export const byteOrderMark = Buffer.from('\ufeff')

/** The bytes behind the mark, if they begin with one. */
export function behindMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)
    ? bytes.subarray(byteOrderMark.length)
    : bytes
}

/** The chunks without a mark in front of the first. */
export async function* withoutMark(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of source) {
    if (!first) {
      yield chunk
      continue
    }
    first = first.length === 0 ? chunk : Buffer.concat([first, chunk])
    if (first.length < byteOrderMark.length) continue
    yield behindMark(first)
    first = undefined
  }
  if (first) yield behindMark(first)
}
