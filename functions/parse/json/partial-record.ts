const space = 0x20

/**
 * A record whose bytes come in chunks: what earlier chunks had of it, up to a limit, and where it begins in the
 * one at hand. Places are offsets into that chunk.
 */
export class PartialRecord {
  readonly #limit: number
  #parts: Buffer[] = []
  #kept = 0
  /** Bytes in earlier chunks, kept or not. */
  #earlier = 0
  #start = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  begin(at: number): void {
    this.#parts = []
    this.#kept = 0
    this.#earlier = 0
    this.#start = at
  }

  /** Goes on at the start of the next chunk. */
  nextChunk(): void {
    this.#start = 0
  }

  /** Keeps what the chunk has up to `end`. */
  keep(chunk: Buffer, end: number): void {
    const part = chunk.subarray(this.#start, Math.min(end, this.#start + this.#limit - this.#kept))
    if (part.length > 0) this.#parts.push(part)
    this.#kept += part.length
    this.#earlier += end - this.#start
    this.#start = end
  }

  /** Bytes of the record before `at`. */
  lengthAt(at: number): number {
    return this.#earlier + at - this.#start
  }

  /** The record up to `end`, or as much of it as the limit allows. */
  bytesTo(chunk: Buffer, end: number): Buffer {
    const here = chunk.subarray(this.#start, Math.min(end, this.#start + this.#limit - this.#kept))
    return this.#parts.length === 0 ? here : Buffer.concat([...this.#parts, here])
  }
}

export function isBlank(byte: number): boolean {
  return byte === space || (byte <= 0x0d && byte >= 0x09)
}

/** The bytes without the blanks they end with. */
export function trimEnd(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && isBlank(bytes[end - 1] ?? 0)) end--
  return bytes.subarray(0, end)
}
