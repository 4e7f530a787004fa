/**
 * Stage parse, first half: the bytes of an object, whatever compressed them.
 *
 * The compression is detected by the first bytes, never from a name or a header: S3 keys lie, and the transfer
 * does not promise to keep Content-Encoding. May fail with a terminal Failure when the data is damaged.
 */
import { pipeline, type Readable } from 'node:stream'
import { createGunzip, createZstdDecompress, type ZstdDecompress } from 'node:zlib'
import { Failure, type FailureCode, messageOf } from '../../model/failure.ts'
import { ByteReader } from './compression/byte-reader.ts'
import { unbzip2 } from './compression/bzip2.ts'
import { unlz4 } from './compression/lz4.ts'
import { unsnappy } from './compression/snappy.ts'
import { unxz } from './compression/xz.ts'
import { unzip } from './compression/zip.ts'

/** Node's default of 16 KiB costs more in hand-overs than in decompression. */
const chunkSize = 64 * 1024
const gzipMagic = Buffer.from([0x1f, 0x8b])
const longestMagic = 10
/** A log may be packed as a whole that is packed already: so often. */
const mostLayers = 3

interface Compression {
  readonly name: string
  readonly magic: Buffer
  readonly code: FailureCode
  decode(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer>
}

/** Each by the bytes it begins with. */
const compressions: readonly Compression[] = [
  { name: 'gzip', magic: gzipMagic, code: 'corrupt_gzip', decode: gunzip },
  { name: 'zstd', magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), code: 'corrupt_zstd', decode: unzstd },
  {
    name: 'zip',
    magic: Buffer.from('PK\x03\x04'),
    code: 'corrupt_data',
    decode: (bytes) => unzip(new ByteReader(bytes)),
  },
  { name: 'bzip2', magic: Buffer.from('BZh'), code: 'corrupt_data', decode: unbzip2 },
  {
    name: 'xz',
    magic: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
    code: 'corrupt_data',
    decode: unxz,
  },
  {
    name: 'snappy',
    magic: Buffer.from([0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]),
    code: 'corrupt_data',
    decode: (bytes) => unsnappy(new ByteReader(bytes)),
  },
  {
    name: 'LZ4',
    magic: Buffer.from([0x04, 0x22, 0x4d, 0x18]),
    code: 'corrupt_data',
    decode: (bytes) => unlz4(new ByteReader(bytes)),
  },
]

/** What follows the size at the start of bzip2: a block, or the end of an empty stream. */
const bzip2Blocks = ['314159265359', '177245385090']

/** The decompressed bytes. Reads no further ahead than one buffer of the stream, and destroys it when the reader stops. */
export async function* decompress(source: Readable): AsyncGenerator<Buffer> {
  try {
    yield* unpacked(source, mostLayers)
  } finally {
    source.destroy()
  }
}

/** What is within so many layers of compression, as far as there are any. */
async function* unpacked(source: AsyncIterable<Buffer>, layers: number): AsyncGenerator<Buffer> {
  const { head, rest } = await peek(source, longestMagic)
  const compression = layers > 0 ? compressionOf(head) : undefined
  if (compression) yield* unpacked(checked(compression.decode(rest), compression), layers - 1)
  else yield* rest
}

function compressionOf(head: Buffer): Compression | undefined {
  const found = compressions.find(({ magic }) => head.subarray(0, magic.length).equals(magic))
  // Text may begin with the three letters of bzip2.
  const isText = found?.name === 'bzip2' && !bzip2Blocks.includes(head.toString('hex', 4, 10))
  return isText ? undefined : found
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

/** Marks what a decoder says of damaged data as a fault of the object; errors of the source pass as they are. */
async function* checked(
  bytes: AsyncIterable<Buffer>,
  { name, code }: Pick<Compression, 'name' | 'code'>,
): AsyncGenerator<Buffer> {
  try {
    yield* bytes
  } catch (error) {
    if (error instanceof Failure || !(isZlibError(error) || code === 'corrupt_data')) throw error
    throw new Failure('object', 'parse', code, `the ${name} data is damaged: ${messageOf(error)}`, error)
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|ZSTD_|ERR_ZLIB)/.test(String(error.code))
}
