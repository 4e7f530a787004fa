import type { RowWriter } from '../../model/row-writer.ts'
import type { JsonMembers } from './json-members.ts'

const openObject = 0x7b
const closeObject = 0x7d
const comma = 0x2c

/** The JSON text of a row's `rest`: the members that have no column, copied as they stand. */
export class RestText {
  #text = Buffer.allocUnsafe(4096)
  #length = 0
  /** Whether something stands in the object that is open. */
  #any = false

  begin(): void {
    this.#length = 0
    this.#any = false
    this.#byte(openObject)
  }

  /** Adds the members that are not taken. Those that stand side by side are copied together. */
  keep(members: JsonMembers): void {
    const { count, taken } = members
    for (let index = 0; index < count; index++) {
      if (taken[index] === 1) continue
      if (members.isDoubtful(index)) {
        this.#add(Buffer.from(members.rewritten(index).slice(1, -1)))
        continue
      }
      let last = index
      while (last + 1 < count && taken[last + 1] === 0 && !members.isDoubtful(last + 1)) last++
      this.#separate()
      this.#copy(members.bytes, members.memberStart(index), members.end(last))
      index = last
    }
  }

  /** Adds what `within` adds, if anything, as an object under a member's name. The name is a known one. */
  nest(members: JsonMembers, index: number, within: () => void): void {
    const before = { length: this.#length, any: this.#any }
    this.#separate()
    this.#copy(members.bytes, members.memberStart(index), members.start(index))
    this.#byte(openObject)
    this.#any = false
    within()
    if (this.#any) this.#byte(closeObject)
    else this.#length = before.length
    this.#any ||= before.any
  }

  /** Gives a row its rest, if there is any. */
  finish(row: RowWriter): void {
    if (!this.#any) return
    this.#byte(closeObject)
    row.restText(this.#text, 0, this.#length)
  }

  #add(text: Buffer): void {
    if (text.length === 0) return
    this.#separate()
    this.#copy(text, 0, text.length)
  }

  #separate(): void {
    if (this.#any) this.#byte(comma)
    this.#any = true
  }

  #byte(byte: number): void {
    if (this.#length === this.#text.length) this.#reserve(1)
    this.#text[this.#length++] = byte
  }

  #copy(source: Buffer, start: number, end: number): void {
    this.#reserve(end - start)
    this.#length += source.copy(this.#text, this.#length, start, end)
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#text.length) return
    const larger = Buffer.allocUnsafe((this.#length + bytes) * 2)
    this.#text.copy(larger, 0, 0, this.#length)
    this.#text = larger
  }
}
