import { isAt } from './name-index.ts'

const slots = 256
/** Longer texts are not remembered. */
const longest = 256

/**
 * Strings of texts that come again and again, as apps do: a text seen lately is compared, not decoded. Making a string
 * of each row's app took a twentieth of the time of a row.
 */
export class RecentTexts {
  readonly #bytes: Buffer[] = Array.from({ length: slots }, () => Buffer.alloc(0))
  readonly #texts: string[] = new Array(slots).fill('')

  /** The text `bytes[start, end)`. */
  text(bytes: Buffer, start: number, end: number): string {
    const length = end - start
    if (length === 0) return ''
    if (length > longest) return bytes.toString('utf8', start, end)
    const hash = length * 31 + (bytes[start] as number) * 7 + (bytes[end - 1] as number) * 13
    const slot = hash & (slots - 1)
    const recent = this.#bytes[slot] as Buffer
    if (recent.length === length && isAt(bytes, start, recent)) return this.#texts[slot] as string
    const text = bytes.toString('utf8', start, end)
    this.#bytes[slot] = Buffer.from(bytes.subarray(start, end))
    this.#texts[slot] = text
    return text
  }
}
