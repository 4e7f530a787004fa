import { type LineBlock, maxJoinedLines, maxLineBytes } from '../../model/line-block.ts'
import { lineBlocks } from './line-blocks.ts'

const newline = 0x0a
const carriageReturn = 0x0d

/** Whether a record begins with the line `bytes[start, end)`. */
export type Begins = (bytes: Buffer, start: number, end: number) => boolean

/**
 * Cuts a text into records of one line or more: a record begins where a line says so, and the lines behind it belong to it.
 * Lines in front of the first such line are records by themselves. So is what goes on beyond the limits: a record ends there.
 * Memory stays bounded by one chunk and the limit of a line.
 */
export async function* joinedLines(
  source: AsyncIterable<Buffer>,
  begins: Begins,
  limit = maxLineBytes,
): AsyncGenerator<LineBlock> {
  const joiner = new Joiner(begins, limit)
  for await (const block of lineBlocks(source, limit)) {
    if (block.kind === 'lines') yield* joiner.join(block.bytes)
    else {
      yield* joiner.finish()
      yield block
    }
  }
  yield* joiner.finish()
}

class Joiner {
  readonly #begins: Begins
  readonly #limit: number
  /** Lines of the record whose end is not seen yet, each with its end; none while no record has begun. */
  #open: Buffer[] = []
  #openBytes = 0
  /** Where it begins in the block at hand; -1 when that was in an earlier one. */
  #openAt = -1

  constructor(begins: Begins, limit: number) {
    this.#begins = begins
    this.#limit = limit
  }

  *join(bytes: Buffer): Generator<LineBlock> {
    this.#openAt = -1
    // Records of one line each stay together: those of `bytes[plain.from, plain.to)` are not given out yet.
    const plain = { from: 0, to: 0 }
    for (let start = 0; start < bytes.length; ) {
      const cut = bytes.indexOf(newline, start)
      const next = cut < 0 ? bytes.length : cut + 1
      const line = bytes.subarray(start, next)
      const begins = this.#begins(bytes, start, endOf(bytes, start, next))
      if (begins || !this.#goesOn(line)) {
        if (this.#open.length === 1 && this.#openAt >= 0) plain.to = start
        else if (this.#open.length > 0) {
          if (plain.to > plain.from) yield { kind: 'lines', bytes: bytes.subarray(plain.from, plain.to) }
          yield* this.finish()
          plain.from = plain.to = start
        }
        this.#open = begins ? [line] : []
        this.#openBytes = line.length
        this.#openAt = start
        if (!begins) plain.to = next
      }
      start = next
    }
    if (plain.to > plain.from) yield { kind: 'lines', bytes: bytes.subarray(plain.from, plain.to) }
  }

  /** Adds a line to the record that has begun; false when there is none, or no room in it. */
  #goesOn(line: Buffer): boolean {
    const fits = this.#openBytes + line.length <= this.#limit && this.#open.length < maxJoinedLines
    if (this.#open.length === 0 || !fits) return false
    this.#open.push(line)
    this.#openBytes += line.length
    return true
  }

  /** The record that has begun, as it is. */
  *finish(): Generator<LineBlock> {
    if (this.#open.length > 0) yield recordOf(this.#open)
    this.#open = []
  }
}

/** A record without the line ends and blank lines it ends with. */
function recordOf(lines: readonly Buffer[]): LineBlock {
  const whole = lines.length === 1 ? (lines[0] as Buffer) : Buffer.concat(lines)
  let end = whole.length
  while (end > 0 && (whole[end - 1] === newline || whole[end - 1] === carriageReturn)) end--
  return { kind: 'records', records: [whole.subarray(0, end)], lines: lines.length }
}

function endOf(bytes: Buffer, start: number, next: number): number {
  const end = bytes[next - 1] === newline ? next - 1 : next
  return end > start && bytes[end - 1] === carriageReturn ? end - 1 : end
}
