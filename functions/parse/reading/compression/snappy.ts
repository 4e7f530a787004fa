import type { ByteReader } from './byte-reader.ts'
import { Crc32c } from './crc32c.ts'

/** Types of chunks: https://github.com/google/snappy/blob/main/framing_format.txt [2026-11] */
const [compressed, uncompressed, firstSkippable] = [0x00, 0x01, 0x80]
/** More than any chunk has. */
const mostBytes = 65_536

/** Snappy's framing format. @throws Error when it is damaged or cut off. */
export async function* unsnappy(source: ByteReader): AsyncGenerator<Buffer> {
  // WebAssembly that is only wanted here and in Parquet.
  const { decompressSnappy } = await import('hyparquet-compressors')
  for (let head = await source.upTo(4); head.length > 0; head = await source.upTo(4)) {
    if (head.length < 4) throw new Error('it is cut off')
    const [type, length] = [head.readUInt8(0), head.readUIntLE(1, 3)]
    const body = await source.exactly(length)
    if (type === compressed || type === uncompressed) {
      const data = body.subarray(4)
      const bytes = type === uncompressed ? data : Buffer.from(decompressSnappy(data, plainLength(data)))
      if (body.length < 4 || masked(bytes) !== body.readUInt32LE(0))
        throw new Error('a chunk has another checksum than it should')
      yield bytes
    } else if (type < firstSkippable) throw new Error(`a chunk is of type ${type}, which is not known`)
  }
}

/** The length that a block begins with, seven bits a byte. */
function plainLength(data: Buffer): number {
  let length = 0
  for (let index = 0; index < 5; index++) {
    const byte = data[index] ?? 0
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) break
  }
  if (length > mostBytes) throw new Error('a chunk is longer than it may be')
  return length
}

function masked(bytes: Buffer): number {
  const sum = new Crc32c()
  sum.update(bytes)
  return ((((sum.value >>> 15) | (sum.value << 17)) >>> 0) + 0xa282ead8) >>> 0
}
