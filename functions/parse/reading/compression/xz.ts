import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'

/** Xz, of any number of streams. @throws Error when it is damaged or cut off. */
export async function* unxz(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { XzReadableStream } = await import('xz-decompress')
  const stream = new XzReadableStream(Readable.toWeb(Readable.from(source)) as ReadableStream<Uint8Array>)
  for await (const chunk of stream) yield Buffer.from(chunk)
}
