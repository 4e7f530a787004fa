import type { ByteReader } from './byte-reader.ts'

/** What a block may refer back to. */
const windowBytes = 64 * 1024
const frameMagic = 0x184d2204
const [firstSkippable, lastSkippable] = [0x184d2a50, 0x184d2a5f]

/**
 * Frames of LZ4, one after the other: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md [2026-11]
 * Checksums are not looked at: each frame must end as it should. @throws Error when it is damaged or cut off.
 */
export async function* unlz4(source: ByteReader): AsyncGenerator<Buffer> {
  for (let magic = await source.upTo(4); magic.length > 0; magic = await source.upTo(4)) {
    if (magic.length < 4) throw new Error('it is cut off')
    const kind = magic.readUInt32LE()
    if (kind === frameMagic) yield* readFrame(source)
    else if (kind >= firstSkippable && kind <= lastSkippable)
      await source.exactly((await source.exactly(4)).readUInt32LE())
    else throw new Error('what follows a frame is none')
  }
}

async function* readFrame(source: ByteReader): AsyncGenerator<Buffer> {
  const [flags = 0, sizes = 0] = await source.exactly(2)
  if (flags >> 6 !== 1) throw new Error(`version ${flags >> 6} of its frames is not known`)
  const isSummed = (flags & 0x04) !== 0
  const blocksAreSummed = (flags & 0x10) !== 0
  const mostBytes = 2 ** (8 + 2 * ((sizes >> 4) & 7))
  const contentSize = flags & 0x08 ? (await source.exactly(8)).readBigUInt64LE() : undefined
  if (flags & 0x01) throw new Error('it needs a dictionary')
  await source.exactly(1)
  let history: Buffer = Buffer.alloc(0)
  let total = 0n
  for (;;) {
    const size = (await source.exactly(4)).readUInt32LE()
    if (size === 0) break
    const length = size & 0x7fffffff
    if (length > mostBytes + 16) throw new Error('a block is longer than it may be')
    const block = await source.exactly(length)
    const bytes = size & 0x80000000 ? block : readBlock(block, history, mostBytes)
    if (blocksAreSummed) await source.exactly(4)
    total += BigInt(bytes.length)
    history = Buffer.concat([history, bytes]).subarray(-windowBytes)
    yield bytes
  }
  if (isSummed) await source.exactly(4)
  if (contentSize !== undefined && contentSize !== total)
    throw new Error('a frame has another length than it says')
}

/** https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md [2026-11] */
function readBlock(block: Buffer, history: Buffer, mostBytes: number): Buffer {
  const out = Buffer.allocUnsafe(history.length + mostBytes)
  history.copy(out)
  let to = history.length
  let at = 0
  const lengthFrom = (nibble: number): number => {
    let length = nibble
    for (let byte = 255; nibble === 15 && byte === 255; length += byte) byte = block[at++] ?? fail()
    return length
  }
  while (at < block.length) {
    const token = block[at++] as number
    const literals = lengthFrom(token >> 4)
    if (at + literals > block.length || to + literals > out.length) fail()
    block.copy(out, to, at, at + literals)
    at += literals
    to += literals
    if (at === block.length) break
    if (at + 2 > block.length) fail()
    const offset = block.readUInt16LE(at)
    at += 2
    const match = lengthFrom(token & 15) + 4
    if (offset === 0 || offset > to || to + match > out.length) fail()
    // Byte by byte: a match may overlap what it makes.
    for (const end = to + match; to < end; to++) out[to] = out[to - offset] as number
  }
  return out.subarray(history.length, to)
}

function fail(): never {
  throw new Error('a block is damaged')
}
