import { type Reject, reject } from '../../model/reject.ts'

const space = 0x20
const quote = 0x22
const maxValues = 4096

/** Where the values of a record stand, unquoted, as RFC 4180 has them. Blanks before a quote are no part of a value. */
export class SeparatedValues {
  readonly #delimiter: number
  readonly #starts = new Int32Array(maxValues)
  readonly #ends = new Int32Array(maxValues)
  /** Whether quotes are doubled in the value. */
  readonly #doubled = new Uint8Array(maxValues)
  #bytes: Buffer = Buffer.alloc(0)
  #count = 0

  constructor(delimiter: number) {
    this.#delimiter = delimiter
  }

  get count(): number {
    return this.#count
  }

  start(index: number): number {
    return this.#starts[index] as number
  }

  end(index: number): number {
    return this.#ends[index] as number
  }

  /** Whether the value is not what stands there, because quotes are doubled in it. */
  isDoubled(index: number): boolean {
    return this.#doubled[index] === 1
  }

  /** The value as text. */
  text(index: number): string {
    const text = this.#bytes.toString('utf8', this.start(index), this.end(index))
    return this.isDoubled(index) ? text.replaceAll('""', '"') : text
  }

  texts(): string[] {
    return Array.from({ length: this.#count }, (_, index) => this.text(index))
  }

  /**
   * Finds the values of `bytes[start, end)`.
   * @param quotes what a value is that begins with a quote and is not closed before a delimiter or the end: `strict` makes
   *   that a fault, `lenient` leaves it as it stands, and with `none` no quote means anything.
   */
  split(
    bytes: Buffer,
    start: number,
    end: number,
    quotes: 'strict' | 'lenient' | 'none',
  ): Reject | undefined {
    const delimiter = this.#delimiter
    this.#bytes = bytes
    this.#count = 0
    for (let at = start; at <= end; at++) {
      if (this.#count === maxValues)
        return reject('malformed', `${maxValues} values or more: another format?`)
      let from = at
      if (quotes === 'strict' && delimiter !== space) while (from < end && bytes[from] === space) from++
      if (bytes[from] === quote && from < end && quotes !== 'none') {
        const to = this.#closingQuote(bytes, from + 1, end)
        if (to >= 0 && (to + 1 === end || bytes[to + 1] === delimiter)) {
          this.#add(from + 1, to)
          at = to + 1
          continue
        }
        if (quotes === 'strict')
          return reject(
            'malformed',
            to < 0
              ? `the quote opened at byte ${from - start} is never closed`
              : `text follows the quote closed at byte ${to - start}`,
          )
      }
      let to = at
      while (to < end && bytes[to] !== delimiter) to++
      this.#doubled[this.#count] = 0
      this.#add(at, to)
      at = to
    }
    return undefined
  }

  #add(start: number, end: number): void {
    this.#starts[this.#count] = start
    this.#ends[this.#count++] = end
  }

  /** The next quote that is not doubled; -1 without one. */
  #closingQuote(bytes: Buffer, from: number, end: number): number {
    this.#doubled[this.#count] = 0
    for (let at = from; at < end; at++) {
      if (bytes[at] !== quote) continue
      if (at + 1 === end || bytes[at + 1] !== quote) return at
      this.#doubled[this.#count] = 1
      at += 1
    }
    return -1
  }
}
