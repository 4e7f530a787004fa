import type { RowWriter } from '../../model/row-writer.ts'

const openObject = 0x7b
const closeObject = 0x7d
const quote = 0x22

/** Bytes that JSON strings have only as escapes. */
const escaped = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte < 0x20 || byte === 0x22 || byte === 0x5c),
)

/** What a member begins with: `,"name":"`. Made once for all rows. */
export function memberPrefix(name: string): Buffer {
  return Buffer.from(`,${JSON.stringify(name)}:"`)
}

/** The JSON text of an object whose values are all text. Names are the caller's to keep apart. */
export class TextMembers {
  #text = Buffer.allocUnsafe(4096)
  #length = 0

  begin(): void {
    this.#length = 0
  }

  /** Adds a member whose value is `bytes[start, end)`, in UTF-8. */
  add(prefix: Buffer, bytes: Buffer, start: number, end: number): void {
    this.#reserve(prefix.length + end - start + 2)
    const text = this.#text
    let to = this.#length
    for (let at = 0; at < prefix.length; at++) text[to++] = prefix[at] as number
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number
      if (escaped[byte] === 1) {
        this.addText(prefix, bytes.toString('utf8', start, end))
        return
      }
      text[to++] = byte
    }
    text[to++] = quote
    this.#length = to
  }

  /** Adds a member with this value. */
  addText(prefix: Buffer, value: string): void {
    const json = JSON.stringify(value)
    this.#reserve(prefix.length + json.length * 3 + 1)
    this.#length += prefix.copy(this.#text, this.#length)
    // The prefix has the first quote already.
    this.#length += this.#text.write(json.slice(1), this.#length)
  }

  /** Gives a row the object as its rest, if there is anything in it. */
  finish(row: RowWriter): void {
    if (this.#length === 0) return
    this.#text[0] = openObject
    this.#text[this.#length++] = closeObject
    row.restText(this.#text, 0, this.#length)
  }

  /** Makes room for so many bytes, and for the end. */
  #reserve(bytes: number): void {
    if (this.#length + bytes < this.#text.length) return
    const larger = Buffer.allocUnsafe((this.#length + bytes) * 2)
    this.#text.copy(larger, 0, 0, this.#length)
    this.#text = larger
  }
}
