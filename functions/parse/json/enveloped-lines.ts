import { type LineBlock, maxJoinedLines, maxLineBytes } from '../../model/line-block.ts'
import { leadingTime } from '../text/leading-time.ts'
import { toJson } from './json-document.ts'

/** A message within the line that a runtime or service wrapped it in. */
export interface Enveloped {
  readonly time: string
  /** Messages of one stream belong together; those of another may stand between them. */
  readonly stream?: string
  /** Whether the message goes on in the stream's next line. */
  readonly partial?: boolean
  readonly message: string
  /** What else the line says. */
  readonly others?: Readonly<Record<string, unknown>>
}

/** Reads a line; undefined when it is none of its kind. */
export type ReadEnvelope = (line: Buffer) => Enveloped | undefined

const newline = 0x0a
const carriageReturn = 0x0d
const openObject = '{'

/**
 * Takes messages out of the lines they are wrapped in, and gives each as the JSON object `{"time", "stream", "log"}`, which is
 * read as a line of FireLens is. Messages that were cut into several lines are whole again. Where a message begins with a
 * time, those behind it in its stream that do not belong to it, as lines of a stack trace do.
 * @param join false: only what was cut is put together.
 */
export async function* envelopedLines(
  blocks: AsyncIterable<LineBlock>,
  read: ReadEnvelope,
  join = true,
): AsyncGenerator<LineBlock> {
  const joiner = new StreamJoiner(read, join)
  for await (const block of blocks) {
    if (block.kind === 'lines') for (const line of linesOf(block.bytes)) joiner.add(line, 1)
    else if (block.kind === 'records')
      for (const record of block.records) joiner.add(record, block.lines ?? 1)
    yield joiner.taken()
    if (block.kind !== 'overlong') continue
    yield block
    joiner.skip()
  }
  joiner.end()
  yield joiner.taken()
}

interface Open {
  readonly first: Enveloped
  /** Number of its first line. */
  readonly at: number
  readonly parts: string[]
  length: number
  lines: number
  /** Whether the last line goes on. */
  partial: boolean
  /** Whether it begins with a time: others may belong to it. */
  readonly timed: boolean
}

class StreamJoiner {
  readonly #read: ReadEnvelope
  readonly #join: boolean
  readonly #open = new Map<string, Open>()
  #records: Buffer[] = []
  /** The number of each record's first line. */
  #at: number[] = []
  /** Lines of the file so far, and of those that were given out. */
  #line = 0
  #given = 0

  constructor(read: ReadEnvelope, join: boolean) {
    this.#read = read
    this.#join = join
  }

  /** @param lines of the file that it took. */
  add(line: Buffer, lines: number): void {
    const at = this.#line + 1
    this.#line += lines
    const found = this.#read(line)
    if (!found) {
      this.#records.push(line)
      this.#at.push(at)
      return
    }
    const stream = found.stream ?? ''
    const open = this.#open.get(stream)
    if (open && this.#goesOn(open, found)) {
      open.parts.push(open.partial ? found.message : `\n${found.message}`)
      open.length += found.message.length
      open.lines += lines
      open.partial = found.partial === true
      return
    }
    if (open) this.#close(open)
    const timed = this.#join && beginsWithTime(found.message)
    const { message, partial = false } = found
    this.#open.set(stream, {
      first: found,
      at,
      parts: [message],
      length: message.length,
      lines,
      partial,
      timed,
    })
  }

  end(): void {
    for (const open of this.#open.values()) this.#close(open)
    this.#open.clear()
  }

  /** The records since the last call, and the lines of the file that were read for them. */
  taken(): LineBlock {
    const block = {
      kind: 'records' as const,
      records: this.#records,
      at: this.#at,
      lines: this.#line - this.#given,
    }
    this.#records = []
    this.#at = []
    this.#given = this.#line
    return block
  }

  /** Counts a line that nobody reads. */
  skip(): void {
    this.#line += 1
    this.#given += 1
  }

  #goesOn(open: Open, { message }: Enveloped): boolean {
    if (open.length + message.length > maxLineBytes || open.lines >= maxJoinedLines) return false
    if (open.partial) return true
    return open.timed && !message.startsWith(openObject) && !beginsWithTime(message)
  }

  #close({ first, at, parts }: Open): void {
    const { time, stream, others } = first
    const log = parts.join('').replace(/[\r\n]+$/, '')
    this.#records.push(Buffer.from(toJson({ ...others, time, ...(stream && { stream }), log })))
    this.#at.push(at)
  }
}

function beginsWithTime(message: string): boolean {
  const bytes = Buffer.from(message.slice(0, 100))
  return leadingTime(bytes, 0, bytes.length) !== undefined
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const cut = bytes.indexOf(newline, start)
    const next = cut < 0 ? bytes.length : cut
    const end = next > start && bytes[next - 1] === carriageReturn ? next - 1 : next
    yield bytes.subarray(start, end)
    start = next + 1
  }
}
