import type { FormatSettings } from '../../model/format.ts'
import { type LineBlock, maxLineBytes } from '../../model/line-block.ts'
import { behindMark } from '../reading/byte-order-mark.ts'
import { likelyDelimiter, namedDelimiter, type SeparatedKind, valuesIn } from './delimiters.ts'
import { RecordEnd } from './record-end.ts'

const newline = 0x0a
const carriageReturn = 0x0d
const quote = 0x22
const lineEnd = Buffer.from('\n')

/**
 * Cuts separated values into records: at newlines, but for those within quotes. Records of one line come as lines, a
 * record of more lines as a block of its own. Memory stays bounded by twice a chunk and twice the limit.
 *
 * A quote may be opened by mistake, and then nothing ends the record. When a record proves to be none, or is longer than
 * the limit, or goes on to the end of the object, its lines are looked at: where they are like records themselves, the
 * quote was a mistake. Then they are lines again, and only the first of them is broken.
 */
export async function* separatedRecords(
  source: AsyncIterable<Buffer>,
  kind: SeparatedKind,
  settings: FormatSettings = {},
  limit = maxLineBytes,
): AsyncGenerator<LineBlock> {
  const cutter = new SeparatedCutter(kind, settings, limit)
  for await (const chunk of source) yield* cutter.cut(chunk)
  yield* cutter.finish()
}

/** What of a record that is too long is no longer held. */
interface Overlong {
  readonly head: Buffer
  readonly length: number
}

/** The state of cutting one object. */
export class SeparatedCutter {
  readonly #kind: SeparatedKind
  readonly #settings: FormatSettings
  readonly #limit: number
  #end: RecordEnd | undefined
  /** From the start of the record at hand, or from where it is held again. */
  #held: Buffer = Buffer.alloc(0)
  /** How much of that has been passed. */
  #passed = 0
  /** Chunks that wait until they are as much as is held: then all is copied a few times at most. */
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #overlong: Overlong | undefined
  #blocks: LineBlock[] = []

  constructor(kind: SeparatedKind, settings: FormatSettings, limit: number) {
    this.#kind = kind
    this.#settings = settings
    this.#limit = limit
  }

  /** The records that are known to end. */
  cut(chunk: Buffer): LineBlock[] {
    this.#waiting.push(chunk)
    this.#waitingBytes += chunk.length
    if (this.#waitingBytes >= this.#held.length) this.#cutAll(false)
    return this.#take()
  }

  /** What the end of the object leaves. */
  finish(): LineBlock[] {
    this.#cutAll(true)
    return this.#take()
  }

  #cutAll(isLast: boolean): void {
    const [first = this.#held] = this.#waiting
    const isOne = this.#held.length === 0 && this.#waiting.length === 1
    const bytes = isOne ? first : Buffer.concat([this.#held, ...this.#waiting])
    this.#waiting = []
    this.#waitingBytes = 0
    this.#held = bytes
    this.#end ??= this.#begun(bytes, isLast)
    if (this.#end) this.#cutRecords(bytes, this.#end, isLast)
  }

  /** Begins, once the first lines tell the delimiter. */
  #begun(bytes: Buffer, isLast: boolean): RecordEnd | undefined {
    const mark = bytes.length - behindMark(bytes).length
    const isWhole = isLast || bytes.length > this.#limit
    const [first, second] = firstLines(bytes.subarray(mark, this.#limit), isWhole)
    if (!first) return undefined
    const named = namedDelimiter(first)
    const header = named === undefined ? first : second
    if (!header) return undefined
    const { delimiter, fields } = this.#settings
    const byte = named ?? delimiter?.charCodeAt(0) ?? likelyDelimiter(header, this.#kind, fields?.length)
    this.#passed = mark
    return new RecordEnd(byte, fields?.length ?? valuesIn(header, byte), this.#kind.strict, this.#limit)
  }

  #cutRecords(bytes: Buffer, end: RecordEnd, isLast: boolean): void {
    // Whole lines stand between `from` and `record`, where the record at hand begins.
    let from = 0
    let record = 0
    let at = this.#passed
    let nextQuote = -1
    const give = () => {
      if (record > from) this.#blocks.push({ kind: 'lines', bytes: bytes.subarray(from, record) })
      from = record
    }
    while (at < bytes.length) {
      if (at === record && !this.#overlong) {
        // Lines without a quote are passed at once.
        if (nextQuote < at) nextQuote = indexOrEnd(bytes, quote, at)
        record = Math.max(record, bytes.lastIndexOf(newline, Math.max(0, nextQuote - 1)) + 1)
        at = record
        if (at === bytes.length) break
      }
      const step = end.pass(bytes, record, at)
      at = step.at
      if (step.kind === 'more') break
      if (step.kind === 'full') {
        give()
        const { head = bytes.subarray(record, record + this.#limit), length = 0 } = this.#overlong ?? {}
        this.#overlong = { head, length: length + at - record }
        from = at
      } else if (this.#overlong) {
        // Lines that are lines again begin behind the first newline: up to there is the line that was too long.
        const last = step.kind === 'lines' ? bytes.indexOf(newline, record) + 1 : at
        this.#giveOverlong(bytes, record, last, step.lines)
        from = last
      } else if (step.kind === 'record' && step.lines > 1) {
        give()
        this.#giveRecord(bytes, record, at - 1, step.lines)
        from = at
      }
      record = at
    }
    give()
    this.#held = bytes.subarray(record)
    this.#passed = at - record
    if (isLast) this.#giveLast(end)
  }

  /** Gives what nothing ends. */
  #giveLast(end: RecordEnd): void {
    const held = this.#held
    const areLines = end.areLines(held)
    const next = areLines && this.#overlong ? held.indexOf(newline) + 1 : held.length
    if (this.#overlong) {
      this.#giveOverlong(held, 0, next, areLines ? end.linesBefore + 1 : end.lines)
      if (next < held.length) this.#blocks.push({ kind: 'lines', bytes: held.subarray(next) })
    } else if (areLines) this.#blocks.push({ kind: 'lines', bytes: held })
    else if (held.length > 0 && end.lines > 1) this.#giveRecord(held, 0, lineEndOf(held), end.lines)
    else if (held.length > 0) this.#blocks.push({ kind: 'lines', bytes: held })
    this.#held = Buffer.alloc(0)
  }

  /** Gives a record of many lines that ends at `last`. */
  #giveRecord(bytes: Buffer, start: number, last: number, lines: number): void {
    const record = bytes.subarray(start, bytes[last - 1] === carriageReturn ? last - 1 : last)
    this.#blocks.push({ kind: 'records', records: [record], lines })
  }

  #giveOverlong(bytes: Buffer, start: number, next: number, lines: number): void {
    const { head, length: before } = this.#overlong ?? { head: bytes, length: 0 }
    this.#overlong = undefined
    const length = before + Math.max(0, lineEndOf(bytes.subarray(0, next)) - start)
    if (length > this.#limit) this.#blocks.push({ kind: 'overlong', head, length, lines })
    // Only the newline behind it was too much.
    else if (lines > 1) this.#giveRecord(head, 0, head.length, lines)
    else this.#blocks.push({ kind: 'lines', bytes: Buffer.concat([head, lineEnd]) })
  }

  /** The blocks so far, in order; forgets them. */
  #take(): LineBlock[] {
    const blocks = this.#blocks
    this.#blocks = []
    return blocks
  }
}

/** The first two lines that are not blank, as far as they are known. @param isWhole whether the last line ends here. */
function firstLines(bytes: Buffer, isWhole: boolean): Buffer[] {
  const lines: Buffer[] = []
  for (let from = 0; from < bytes.length && lines.length < 2; ) {
    const cut = bytes.indexOf(newline, from)
    if (cut < 0 && !isWhole) break
    const next = cut < 0 ? bytes.length : cut
    const line = bytes.subarray(from, bytes[next - 1] === carriageReturn ? next - 1 : next)
    if (line.length > 0) lines.push(line)
    from = next + 1
  }
  return lines
}

/** Where bytes end, but for a newline. */
function lineEndOf(bytes: Buffer): number {
  return bytes.at(-1) === newline ? bytes.length - 1 : bytes.length
}

function indexOrEnd(bytes: Buffer, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from)
  return index < 0 ? bytes.length : index
}
