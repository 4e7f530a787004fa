import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { longestLineOf, type RowFile } from './load-rows.ts'

/**
 * The rows of one stream, as lines of JSON in a file, until they are inserted into the table.
 *
 * `<path>.end` holds how many rows and bytes are valid, and the length of the longest line. It is written after the
 * lines, in one small write: a process killed in between leaves a tail that the next append overwrites and
 * {@link seal} cuts off. So a request is there whole or not at all. Nothing is synced to disk: what is promised
 * survives the process, not the machine.
 */
export class RowJournal implements RowFile {
  readonly path: string
  #rows = 0
  #bytes = 0
  #longestLine = 0

  constructor(path: string) {
    this.path = path
    if (!existsSync(this.#endPath)) return
    const end = readFileSync(this.#endPath)
    this.#rows = Number(end.readBigUInt64LE(0))
    this.#bytes = Number(end.readBigUInt64LE(8))
    this.#longestLine = Number(end.readBigUInt64LE(16))
  }

  get rows(): number {
    return this.#rows
  }

  get longestLine(): number {
    return this.#longestLine
  }

  append(lines: readonly string[]): void {
    const bytes = Buffer.from(`${lines.join('\n')}\n`)
    writeAt(this.path, bytes, this.#bytes)
    const longest = Math.max(this.#longestLine, longestLineOf(lines))
    const end = Buffer.alloc(24)
    end.writeBigUInt64LE(BigInt(this.#rows + lines.length), 0)
    end.writeBigUInt64LE(BigInt(this.#bytes + bytes.length), 8)
    end.writeBigUInt64LE(BigInt(longest), 16)
    writeAt(this.#endPath, end, 0)
    this.#rows += lines.length
    this.#bytes += bytes.length
    this.#longestLine = longest
  }

  /** Cuts off what was never acknowledged. To be called before the file is read. */
  seal(): void {
    if (this.#rows > 0) withFile(this.path, (file) => ftruncateSync(file, this.#bytes))
  }

  /** Lines `from` to before `to`. Reads the whole file: not for streams that may be large. */
  lines(from: number, to: number): readonly string[] {
    return readFileSync(this.path, 'utf8').split('\n').slice(from, to)
  }

  remove(): void {
    rmSync(this.path, { force: true })
    rmSync(this.#endPath, { force: true })
  }

  get #endPath(): string {
    return `${this.path}.end`
  }
}

function writeAt(path: string, bytes: Buffer, position: number): void {
  withFile(path, (file) => {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(file, bytes, written, bytes.length - written, position + written)
    }
  })
}

function withFile(path: string, use: (file: number) => void): void {
  const file = existsSync(path) ? openSync(path, 'r+') : openSync(path, 'w')
  try {
    use(file)
  } finally {
    closeSync(file)
  }
}
