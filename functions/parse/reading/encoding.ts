import { peek } from './decompress.ts'

/** How the text of a source is encoded, where it is neither UTF-8 nor marked. */
export const encodings = ['latin1', 'windows-1252', 'utf-16le', 'utf-16be'] as const
export type Encoding = (typeof encodings)[number]

/** Characters that must be of two bytes, one of them NUL, in a text without a mark. */
const sampledCharacters = 16
const newline = 0x0a

/**
 * A text as UTF-8. UTF-16 is known by its byte order mark, or by its first characters if they are ASCII. Bytes that are none of
 * the encoding become U+FFFD. NULs in front of a line, as a log that was truncated while it was written has them, are left out.
 */
export async function* asUtf8(source: AsyncIterable<Buffer>, given?: Encoding): AsyncGenerator<Buffer> {
  const { head, rest } = await peek(source, 2 * sampledCharacters)
  const encoding = utf16Of(head) ?? given
  yield* withoutLeadingNuls(encoding ? decoded(rest, encoding) : rest)
}

function utf16Of(head: Buffer): Encoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (head.length < 2 * sampledCharacters) return undefined
  const isAscii = (nul: number) =>
    head.every((byte, index) => (index % 2 === nul ? byte === 0 : byte > 0 && byte < 0x80))
  if (isAscii(1)) return 'utf-16le'
  return isAscii(0) ? 'utf-16be' : undefined
}

/** Text has less than one NUL in so many bytes. Compressed and other binary data has several. */
const textPerNul = 1000

/** Whether a file is text, by its first bytes; a run of NULs in front says nothing. */
export function isText(head: Buffer): boolean {
  if (utf16Of(head.subarray(0, 2 * sampledCharacters))) return true
  const from = head.findIndex((byte) => byte !== 0)
  const rest = head.subarray(Math.max(from, 0))
  const nuls = rest.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0)
  return from < 0 || nuls * textPerNul < rest.length
}

async function* decoded(source: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  // What the standard calls latin1 is windows-1252.
  if (encoding === 'latin1') {
    for await (const chunk of source) yield Buffer.from(chunk.toString('latin1'))
    return
  }
  const decoder = new TextDecoder(encoding)
  for await (const chunk of source) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  const last = decoder.decode()
  if (last !== '') yield Buffer.from(last)
}

async function* withoutLeadingNuls(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isAtStart = true
  for await (const chunk of source) {
    const bytes: Buffer = chunk.includes(0) ? stripped(chunk, isAtStart) : chunk
    if (bytes.length === 0) continue
    isAtStart = bytes.at(-1) === newline
    yield bytes
  }
}

function stripped(chunk: Buffer, isAtStart: boolean): Buffer {
  const out = Buffer.allocUnsafe(chunk.length)
  let to = 0
  let isStart = isAtStart
  for (const byte of chunk) {
    if (byte === 0 && isStart) continue
    isStart = byte === newline
    out[to++] = byte
  }
  return out.subarray(0, to)
}
