import { crc32, createInflateRaw } from 'node:zlib'
import type { ByteReader } from './byte-reader.ts'

const signatures = {
  member: 0x04034b50,
  directory: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  descriptor: 0x08074b50,
}
const [stored, deflated] = [0, 8]
const newline = Buffer.from('\n')
/** Of the end of the directory, without a comment. */
const endBytes = 22
/** The name that macOS gives to what it adds. */
const beside = /^__MACOSX\/|(?:^|\/)\.[^/]*$|\/$/

interface Member {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packedBytes: number
  readonly bytes: number
  /** Checksum and sizes follow the data. */
  readonly isDescribed: boolean
  readonly is64: boolean
}

/**
 * The members of a zip archive, one after the other, in the order in which they stand: a member that does not end with a line
 * feed gets one. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT [2026-11]
 * Directories and hidden files are passed over. @throws Error when it is damaged, cut off, or has an encrypted member.
 */
export async function* unzip(source: ByteReader): AsyncGenerator<Buffer> {
  for (;;) {
    const signature = (await source.exactly(4)).readUInt32LE()
    if (signature !== signatures.member) {
      const isEnd = [signatures.directory, signatures.end, signatures.end64].includes(signature)
      if (!isEnd) throw new Error('a member of the archive begins with none of its signatures')
      return await drain(source, signature)
    }
    const member = await readHeader(source)
    let last: Buffer | undefined
    for await (const bytes of contentOf(member, source)) {
      if (beside.test(member.name)) continue
      if (bytes.length > 0) last = bytes
      yield bytes
    }
    if (last && last.at(-1) !== newline[0]) yield newline
  }
}

/** What follows the members is their directory; a file without its end was cut off. */
async function drain(source: ByteReader, signature: number): Promise<void> {
  let tail = Buffer.alloc(0)
  for (let chunk = await source.chunk(); chunk; chunk = await source.chunk())
    tail = Buffer.concat([tail, chunk]).subarray(-65_600)
  const end = signature === signatures.end ? -4 : tail.lastIndexOf('PK\x05\x06')
  const isWhole = (end >= 0 || signature === signatures.end) && tail.length - end >= endBytes
  if (!isWhole) throw new Error('it is cut off')
}

async function readHeader(source: ByteReader): Promise<Member> {
  const head = await source.exactly(26)
  const flags = head.readUInt16LE(2)
  const name = (await source.exactly(head.readUInt16LE(22))).toString('utf8')
  const extra = await source.exactly(head.readUInt16LE(24))
  if (flags & 1) throw new Error('a member of the archive is encrypted')
  const [packed, plain] = [head.readUInt32LE(14), head.readUInt32LE(18)]
  const large = largeSizes(extra)
  return {
    name,
    method: head.readUInt16LE(4),
    crc: head.readUInt32LE(10),
    packedBytes: packed === 0xffffffff ? Number(large?.packed ?? 0) : packed,
    bytes: plain === 0xffffffff ? Number(large?.plain ?? 0) : plain,
    isDescribed: (flags & 8) !== 0,
    is64: large !== undefined,
  }
}

/** The sizes of zip64, in its extra field. */
function largeSizes(extra: Buffer): { readonly plain: bigint; readonly packed: bigint } | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    return at + 20 <= extra.length
      ? { plain: extra.readBigUInt64LE(at + 4), packed: extra.readBigUInt64LE(at + 12) }
      : { plain: 0n, packed: 0n }
  }
  return undefined
}

async function* contentOf(member: Member, source: ByteReader): AsyncGenerator<Buffer> {
  let [crc, length] = [0, 0]
  const content = member.method === deflated ? inflate(source) : storedBytes(member, source)
  for await (const bytes of content) {
    crc = crc32(bytes, crc)
    length += bytes.length
    yield bytes
  }
  const wanted = member.isDescribed ? await readDescriptor(member, source) : member
  if (crc !== wanted.crc || length % 2 ** 32 !== wanted.bytes % 2 ** 32)
    throw new Error('a member of the archive has another checksum than it should')
}

async function* storedBytes(
  { name, method, packedBytes, isDescribed }: Member,
  source: ByteReader,
): AsyncGenerator<Buffer> {
  if (method !== stored)
    throw new Error(`a member of the archive is compressed by method ${method}, which is not read`)
  if (isDescribed && packedBytes === 0 && !name.endsWith('/'))
    throw new Error('a member of the archive does not say how long it is')
  for (let left = packedBytes; left > 0; ) {
    const chunk = await source.exactly(Math.min(left, 64 * 1024))
    left -= chunk.length
    yield chunk
  }
}

async function* inflate(source: ByteReader): AsyncGenerator<Buffer> {
  const engine = createInflateRaw({ chunkSize: 64 * 1024 })
  const feeding = feed(engine, source)
  feeding.catch((error: Error) => engine.destroy(error))
  yield* engine
  await feeding
}

/** Writes until the engine has its end, and gives back what is behind it. */
async function feed(engine: ReturnType<typeof createInflateRaw>, source: ByteReader): Promise<void> {
  let written = 0
  for (let chunk = await source.chunk(); chunk; chunk = await source.chunk()) {
    await new Promise<void>((resolve, reject) => {
      engine.once('close', resolve)
      engine.write(chunk, (error) => {
        engine.off('close', resolve)
        if (error) reject(error)
        else resolve()
      })
    })
    written += chunk.length
    const left = written - engine.bytesWritten
    // It takes nothing behind its end.
    if (left > 0) {
      source.unread(chunk.subarray(chunk.length - left))
      engine.end()
      return
    }
  }
  engine.end()
}

/** The checksum and length behind the data, with a signature in front or not. */
async function readDescriptor({ is64 }: Member, source: ByteReader): Promise<Pick<Member, 'crc' | 'bytes'>> {
  const first = (await source.exactly(4)).readUInt32LE()
  const crc = first === signatures.descriptor ? (await source.exactly(4)).readUInt32LE() : first
  const sizes = await source.exactly(is64 ? 16 : 8)
  return { crc, bytes: is64 ? Number(sizes.readBigUInt64LE(8)) : sizes.readUInt32LE(4) }
}
