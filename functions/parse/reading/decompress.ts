/**
 * Stage parse, first half: the bytes of an object, whatever compressed them.
 *
 * The compression is detected by the first bytes, never from a name or a header: S3 keys lie, and the transfer
 * does not promise to keep Content-Encoding. May fail with a terminal Failure when the data is damaged.
 */
import { pipeline, type Readable } from 'node:stream'
import { constants, createGunzip, createZstdDecompress, gunzipSync, type ZstdDecompress } from 'node:zlib'
import { Failure, type FailureCode, messageOf } from '../../model/failure.ts'

/** Node's default of 16 KiB costs more in hand-overs than in decompression. */
const chunkSize = 64 * 1024
const mostPeeked = 64 * 1024 * 1024
const gzipMagic = Buffer.from([0x1f, 0x8b])
const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** The decompressed bytes. Reads no further ahead than one buffer of the stream, and destroys it when the reader stops. */
export async function* decompress(source: Readable): AsyncGenerator<Buffer> {
  try {
    const { head, rest } = await peek(source, zstdMagic.length)
    if (isGzip(head)) yield* checked(gunzip(rest), 'corrupt_gzip')
    else if (head.equals(zstdMagic)) yield* checked(unzstd(rest), 'corrupt_zstd')
    else yield* rest
  } finally {
    source.destroy()
  }
}

/** Reads until `count` bytes are known, and gives the stream back whole. Closing it is left to the caller. */
export async function peek(
  source: AsyncIterable<Buffer>,
  count: number,
): Promise<{ head: Buffer; rest: AsyncGenerator<Buffer> }> {
  const iterator: AsyncIterator<Buffer> = source[Symbol.asyncIterator]()
  const first: Buffer[] = []
  let length = 0
  while (length < count) {
    const next = await iterator.next()
    if (next.done) break
    first.push(next.value)
    length += next.value.length
  }
  async function* rest(): AsyncGenerator<Buffer> {
    yield* first
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  }
  return { head: Buffer.concat(first).subarray(0, count), rest: rest() }
}

export function isGzip(head: Buffer): boolean {
  return head.subarray(0, gzipMagic.length).equals(gzipMagic)
}

/** What the first bytes of a gzip file begin with; nothing when they are damaged, or more than anyone looks at. */
export function gunzipHead(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostPeeked })
  } catch (error) {
    if (isZlibError(error) || error instanceof RangeError) return Buffer.alloc(0)
    throw error
  }
}

/** Node's gunzip reads on through any number of members and refuses what follows the last, but for zero padding. */
async function* gunzip(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const engine = createGunzip({ chunkSize })
  // The error reaches the reader through the engine, which pipeline destroys with it.
  pipeline(source, engine, () => undefined)
  yield* engine
}

/**
 * Node's zstd ends its output with a frame that ends inside a write, and drops the rest of that write without a
 * word: a file of several frames would lose its tail. So what an engine leaves goes to a new one.
 */
async function* unzstd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]()
  for (let left: Buffer | undefined = Buffer.alloc(0); left; ) {
    const engine = createZstdDecompress({ chunkSize })
    const feeding = feed(engine, left, chunks)
    yield* engine
    left = await feeding
  }
}

/** Writes until the engine leaves something, which it gives back, or the chunks end. */
async function feed(
  engine: ZstdDecompress,
  first: Buffer,
  chunks: AsyncIterator<Buffer>,
): Promise<Buffer | undefined> {
  try {
    for (let chunk: Buffer | undefined = first; chunk; chunk = await nextOf(chunks)) {
      const before = engine.bytesWritten
      await write(engine, chunk)
      const left = chunk.subarray(engine.bytesWritten - before)
      if (left.length === 0) continue
      engine.end()
      return left
    }
    engine.end()
  } catch (error) {
    engine.destroy(error instanceof Error ? error : new Error(messageOf(error)))
  }
  return undefined
}

async function nextOf(chunks: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  const next = await chunks.next()
  return next.done ? undefined : next.value
}

function write(engine: ZstdDecompress, chunk: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  // A reader that stops early destroys the engine, which then calls back no more.
  engine.once('close', resolve)
  engine.write(chunk, (error) => {
    engine.off('close', resolve)
    if (error) reject(error)
    else resolve()
  })
  return promise
}

/** Marks what zlib says of damaged data as a fault of the object; errors of the source pass as they are. */
async function* checked(bytes: AsyncIterable<Buffer>, code: FailureCode): AsyncGenerator<Buffer> {
  try {
    yield* bytes
  } catch (error) {
    if (isZlibError(error)) {
      throw new Failure('object', 'parse', code, `the compressed data is damaged: ${messageOf(error)}`, error)
    }
    throw error
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|ZSTD_|ERR_ZLIB)/.test(String(error.code))
}
