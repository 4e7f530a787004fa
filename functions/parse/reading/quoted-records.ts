import { type LineBlock, maxLineBytes } from '../../model/line-block.ts'
import { byteOrderMark } from './byte-order-mark.ts'
import { lineBlocks, type TextBlock } from './line-blocks.ts'

const newline = 0x0a
const carriageReturn = 0x0d

/** Whether a record goes on behind a line of it, `bytes[start, end)`. @param open whether it began before this line. */
export type GoesOn = (bytes: Buffer, start: number, end: number, open: boolean) => boolean

/**
 * Cuts a text into records that may hold line ends, within quotes. Blocks of lines in which none does pass as they are.
 * A record that goes on past the limit of a line, or the end of the text, was none: its lines are records, each by
 * itself.
 * @param openQuote a byte without which no record goes on. @param goesOnFor gives the rule, from the first line.
 */
export async function* quotedRecords(
  source: AsyncIterable<Buffer>,
  openQuote: number,
  goesOnFor: (first: Buffer) => GoesOn,
  limit = maxLineBytes,
): AsyncGenerator<LineBlock> {
  let goesOn: GoesOn | undefined
  let open: OpenRecord | undefined
  for await (const block of lineBlocks(source, limit)) {
    if (block.kind === 'overlong') {
      if (open) yield open.asLines()
      open = undefined
      yield block
      continue
    }
    const bytes = goesOn ? block.bytes : withoutMark(block.bytes)
    goesOn ??= goesOnFor(lineAt(bytes, 0))
    if (!open && !bytes.includes(openQuote)) {
      yield { kind: 'lines', bytes }
      continue
    }
    const cutter = new BlockCutter(goesOn, limit, open)
    yield* cutter.cut(bytes)
    open = cutter.open
  }
  if (open) yield open.asLines()
}

/** Lines of a record whose end is not seen yet. */
class OpenRecord {
  readonly #lines: Buffer[] = []
  bytes = 0

  add(line: Buffer): void {
    this.#lines.push(line)
    this.bytes += line.length
  }

  /** It ended with the line added last. */
  asRecord(): LineBlock {
    const whole = Buffer.concat(this.#lines)
    const end = whole.at(-1) === newline ? whole.length - 1 : whole.length
    return {
      kind: 'records',
      records: [whole.subarray(0, trimmed(whole, 0, end))],
      lines: this.#lines.length,
    }
  }

  /** It never ended. */
  asLines(): TextBlock {
    return { kind: 'lines', bytes: Buffer.concat(this.#lines) }
  }
}

/** Cuts one block of whole lines, and leaves the record that goes on behind it in `open`. */
class BlockCutter {
  readonly #goesOn: GoesOn
  readonly #limit: number
  open: OpenRecord | undefined

  constructor(goesOn: GoesOn, limit: number, open: OpenRecord | undefined) {
    this.#goesOn = goesOn
    this.#limit = limit
    this.open = open
  }

  *cut(bytes: Buffer): Generator<LineBlock> {
    // Lines that are records by themselves stay together.
    let plainFrom = 0
    for (let start = 0; start < bytes.length; ) {
      const end = lineEnd(bytes, start)
      const next = Math.min(end + 1, bytes.length)
      if (this.open) {
        yield* this.#goOn(bytes.subarray(start, next))
        plainFrom = next
      } else if (this.#goesOn(bytes, start, trimmed(bytes, start, end), false)) {
        if (plainFrom < start) yield { kind: 'lines', bytes: bytes.subarray(plainFrom, start) }
        this.open = new OpenRecord()
        this.open.add(bytes.subarray(start, next))
        plainFrom = next
      }
      start = next
    }
    if (plainFrom < bytes.length) yield { kind: 'lines', bytes: bytes.subarray(plainFrom) }
  }

  *#goOn(line: Buffer): Generator<LineBlock> {
    const { open } = this
    if (!open) return
    open.add(line)
    const goesOn = this.#goesOn(line, 0, trimmed(line, 0, lineEnd(line, 0)), true)
    if (goesOn && open.bytes <= this.#limit) return
    this.open = undefined
    yield open.bytes > this.#limit ? open.asLines() : open.asRecord()
  }
}

function lineAt(bytes: Buffer, start: number): Buffer {
  return bytes.subarray(start, trimmed(bytes, start, lineEnd(bytes, start)))
}

function lineEnd(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(newline, start)
  return end < 0 ? bytes.length : end
}

function trimmed(bytes: Buffer, start: number, end: number): number {
  return end > start && bytes[end - 1] === carriageReturn ? end - 1 : end
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)
    ? bytes.subarray(byteOrderMark.length)
    : bytes
}
