import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { longestLineOf, type RowFile } from './load-rows.ts'

/** What `<path>.end` holds: numbers of 64 bits, in this order. Those missing at the end of a shorter file are 0. */
const endFields = ['rows', 'bytes', 'longestLine', 'dropped', 'droppedBytes', 'appendedAt'] as const
type End = Readonly<Record<(typeof endFields)[number], number>>

/** Bytes read at once in search of the end of a line. */
const pieceBytes = 64 * 1024
/** Dropped rows of fewer bytes than this are left in the file while there are others behind them. */
const worthShrinkingBytes = 1024 * 1024
const newline = 0x0a

/**
 * The rows of one stream, as lines of JSON in a file, until they are in the table: all of them at once ({@link seal},
 * then the file as it is) or from the front ({@link lines}, then {@link drop}).
 *
 * `<path>.end` holds how many rows and bytes are valid, the length of the longest line, how many of the rows and bytes
 * are dropped, and the time of the last append. It is written after the lines, in one small write: a process killed in
 * between leaves a tail that the next append overwrites and {@link seal} cuts off. So a request is there whole or not
 * at all. Nothing is synced to disk: what is promised survives the process, not the machine.
 *
 * The file is at most 1 MiB and twice the rows that are not dropped, however many have passed through.
 */
export class RowJournal implements RowFile {
  readonly path: string
  #end: End

  constructor(path: string) {
    this.path = path
    this.#end = readEnd(this.#endPath)
  }

  get files(): readonly string[] {
    return [this.path, this.#endPath]
  }

  /** Rows ever appended, the dropped ones with them. */
  get rows(): number {
    return this.#end.rows
  }

  get longestLine(): number {
    return this.#end.longestLine
  }

  /** Milliseconds since 1970; 0 before the first append. */
  get appendedAt(): number {
    return this.#end.appendedAt
  }

  append(lines: readonly string[], appendedAt: number): void {
    const { rows, bytes, longestLine } = this.#end
    const text = Buffer.from(`${lines.join('\n')}\n`)
    withFile(this.path, (file) => writeAt(file, text, bytes))
    this.#keep({
      ...this.#end,
      rows: rows + lines.length,
      bytes: bytes + text.length,
      longestLine: Math.max(longestLine, longestLineOf(lines)),
      appendedAt,
    })
  }

  /** Cuts off what was never acknowledged. To be called before the file is read as a whole. */
  seal(): void {
    const { rows, bytes } = this.#end
    if (rows > 0) withFile(this.path, (file) => ftruncateSync(file, bytes))
  }

  /** Lines `from` to before `to`, none of them dropped. Reads from the first that is not, and hardly beyond `to`. */
  lines(from: number, to: number): readonly string[] {
    const { dropped } = this.#end
    return this.#front(to)
      .toString()
      .split('\n')
      .slice(from - dropped, to - dropped)
  }

  /** Lets go of the rows before `to`. Costs what they are; the room they took is given back now and then. */
  drop(to: number): void {
    const { rows, bytes, dropped, droppedBytes: before } = this.#end
    if (to <= dropped) return
    const droppedBytes = to === rows ? bytes : before + this.#front(to).length
    this.#keep({ ...this.#end, dropped: to, droppedBytes })
    if (to === rows || droppedBytes >= Math.max(worthShrinkingBytes, bytes - droppedBytes)) this.#shrink()
  }

  remove(): void {
    for (const file of this.files) rmSync(file, { force: true })
  }

  /**
   * Moves the rows to the front of the file, over dropped ones. As they are not more than those, they are whole in
   * their old place until `.end` names the new one.
   */
  #shrink(): void {
    const { bytes, droppedBytes } = this.#end
    withFile(this.path, (file) => {
      const kept = readAt(file, bytes - droppedBytes, droppedBytes)
      writeAt(file, kept, 0)
      this.#keep({ ...this.#end, bytes: kept.length, droppedBytes: 0 })
      ftruncateSync(file, kept.length)
    })
  }

  /** The bytes of the rows before `to` that are not dropped. */
  #front(to: number): Buffer {
    const { bytes, dropped, droppedBytes } = this.#end
    const pieces: Buffer[] = []
    withFile(this.path, (file) => {
      let lines = to - dropped
      for (let at = droppedBytes; lines > 0; ) {
        const piece = readAt(file, Math.min(pieceBytes, bytes - at), at)
        if (piece.length === 0) throw new Error(`${this.path} has no row ${to - 1}`)
        let end = 0
        for (let found = 0; lines > 0 && found >= 0; ) {
          found = piece.indexOf(newline, end)
          end = found < 0 ? piece.length : found + 1
          if (found >= 0) lines -= 1
        }
        pieces.push(piece.subarray(0, end))
        at += end
      }
    })
    return Buffer.concat(pieces)
  }

  #keep(end: End): void {
    const bytes = Buffer.alloc(8 * endFields.length)
    for (const [index, field] of endFields.entries()) bytes.writeBigUInt64LE(BigInt(end[field]), 8 * index)
    withFile(this.#endPath, (file) => writeAt(file, bytes, 0))
    this.#end = end
  }

  get #endPath(): string {
    return `${this.path}.end`
  }
}

function readEnd(path: string): End {
  const bytes = Buffer.alloc(8 * endFields.length)
  if (existsSync(path)) readFileSync(path).copy(bytes)
  const [rows = 0, dataBytes = 0, longestLine = 0, dropped = 0, droppedBytes = 0, appendedAt = 0] =
    endFields.map((_, index) => Number(bytes.readBigUInt64LE(8 * index)))
  return { rows, bytes: dataBytes, longestLine, dropped, droppedBytes, appendedAt }
}

function readAt(file: number, length: number, position: number): Buffer {
  const bytes = Buffer.alloc(length)
  let read = 0
  for (let more = 1; more > 0 && read < length; read += more) {
    more = readSync(file, bytes, read, length - read, position + read)
  }
  return bytes.subarray(0, read)
}

function writeAt(file: number, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written, position + written)
  }
}

function withFile(path: string, use: (file: number) => void): void {
  const file = existsSync(path) ? openSync(path, 'r+') : openSync(path, 'w+')
  try {
    use(file)
  } finally {
    closeSync(file)
  }
}
