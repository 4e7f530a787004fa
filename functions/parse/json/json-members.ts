/**
 * The members of one JSON object, found in its bytes: where each name and value stands, and nothing made of them yet.
 *
 * A log line is mostly copied: into a column, or into `rest`. With JSON.parse and JSON.stringify loading a line took
 * about twice as long, and numbers needed care to keep every digit. The oracle in the tests is JSON.parse.
 */

import type { RowWriter } from '../../model/row-writer.ts'
import { isAt, type NameIndex } from '../text/name-index.ts'
import { deepestJson, parseJsonObject, toJson } from './json-document.ts'
import { doubtful, JsonScanner } from './json-scanner.ts'

const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const zero = 0x30
const colon = 0x3a
const openList = 0x5b
const openObject = 0x7b
const closeObject = 0x7d

/** Used again for object after object: what it gives holds until the next `scan`. */
export class JsonMembers {
  /** What was scanned. */
  bytes: Buffer = Buffer.alloc(0)
  count = 0
  /** Whether whoever reads the members is done with one. */
  taken = new Uint8Array(64)
  #nameStarts = new Int32Array(64)
  #nameEnds = new Int32Array(64)
  #starts = new Int32Array(64)
  #ends = new Int32Array(64)
  #nameFlags = new Uint8Array(64)
  #flags = new Uint8Array(64)
  readonly #scanner = new JsonScanner()

  /** Finds the members of `bytes[start, end)`. False when that is no JSON object, or nested deeper than BigQuery takes. */
  scan(bytes: Buffer, start: number, end: number): boolean {
    const scanner = this.#scanner
    scanner.bytes = bytes
    scanner.end = end
    this.bytes = bytes
    this.count = 0
    let at = scanner.blanks(start)
    if (at >= end || bytes[at] !== openObject) return false
    at = scanner.blanks(at + 1)
    if (bytes[at] === closeObject) return scanner.blanks(at + 1) === end
    for (;;) {
      scanner.seen = 0
      const nameStart = at + 1
      const nameEnd = bytes[at] === quote ? scanner.string(nameStart) : -1
      if (nameEnd < 0) return false
      const nameFlags = scanner.seen
      at = scanner.blanks(nameEnd + 1)
      if (bytes[at] !== colon) return false
      const valueStart = scanner.blanks(at + 1)
      scanner.seen = 0
      const valueEnd = scanner.value(valueStart, deepestJson - 1)
      if (valueEnd < 0) return false
      this.#add(nameStart, nameEnd, nameFlags, valueStart, valueEnd)
      at = scanner.blanks(valueEnd)
      // The object must end before `end`: what was read behind it does not count.
      if (bytes[at] === closeObject) return scanner.blanks(at + 1) === end
      if (bytes[at] !== comma) return false
      at = scanner.blanks(at + 1)
    }
  }

  /** The first byte of a value, which says what it is. */
  first(index: number): number {
    return this.bytes[this.start(index)] as number
  }

  /** Where the value starts and ends, quotes and brackets included. */
  start(index: number): number {
    return this.#starts[index] as number
  }

  end(index: number): number {
    return this.#ends[index] as number
  }

  /** Where the member begins: the quote of its name. It ends where its value does. */
  memberStart(index: number): number {
    return (this.#nameStarts[index] as number) - 1
  }

  isText(index: number): boolean {
    return this.first(index) === quote
  }

  isObject(index: number): boolean {
    return this.first(index) === openObject
  }

  isList(index: number): boolean {
    return this.first(index) === openList
  }

  isNull(index: number): boolean {
    return this.first(index) === 0x6e
  }

  isNumber(index: number): boolean {
    const first = this.first(index)
    return first === minus || (first >= zero && first <= zero + 9)
  }

  /** Whether a value that is a text stands there as it is, between its quotes. */
  isPlain(index: number): boolean {
    return this.#flags[index] === 0
  }

  /** Whether the member as it stands is no JSON BigQuery takes, or not without loss: `rewritten` is. */
  isDoubtful(index: number): boolean {
    return (((this.#flags[index] as number) | (this.#nameFlags[index] as number)) & doubtful) !== 0
  }

  /** The member alone, as an object: numbers no double holds in a form that keeps them, half surrogate pairs as U+FFFD. */
  rewritten(index: number): string {
    return rewrite(`{${this.bytes.toString('utf8', this.memberStart(index), this.end(index))}}`)
  }

  /** A value that is an object or a list, as JSON that BigQuery takes. */
  rewrittenValue(index: number): string {
    return rewrite(`{"":${this.bytes.toString('utf8', this.start(index), this.end(index))}}`).slice(4, -1)
  }

  /** A value that is a text, without its escapes. */
  text(index: number): string {
    const [start, end] = [this.start(index), this.end(index)]
    if (this.isPlain(index)) return this.bytes.toString('utf8', start + 1, end - 1)
    return String(JSON.parse(this.bytes.toString('utf8', start, end))).toWellFormed()
  }

  /** Where a value that is a text stands without its quotes and escapes. */
  textBytes(index: number): { bytes: Buffer; start: number; end: number } {
    if (this.isPlain(index))
      return { bytes: this.bytes, start: this.start(index) + 1, end: this.end(index) - 1 }
    const bytes = Buffer.from(this.text(index))
    return { bytes, start: 0, end: bytes.length }
  }

  /** Writes a value that is a text into a column. */
  writeText(row: RowWriter, column: number, index: number): void {
    if (this.isPlain(index)) row.text(column, this.bytes, this.start(index) + 1, this.end(index) - 1)
    else row.string(column, this.text(index))
  }

  /** A value as it stands; a text without quotes and escapes. */
  written(index: number): string {
    if (this.isText(index)) return this.text(index)
    return this.bytes.toString('utf8', this.start(index), this.end(index))
  }

  /** The last member of that name; -1 when there is none. Members are few: looking at each costs little. */
  indexOf(name: Buffer): number {
    for (let index = this.count - 1; index >= 0; index--) {
      const start = this.#nameStarts[index] as number
      if (this.#nameFlags[index] !== 0) {
        if (this.#name(index).equals(name)) return index
      } else if ((this.#nameEnds[index] as number) - start === name.length && isAt(this.bytes, start, name))
        return index
    }
    return -1
  }

  /** Marks the member of that name, if any, as taken. */
  markTaken(name: Buffer): void {
    const index = this.indexOf(name)
    if (index >= 0) this.taken[index] = 1
  }

  /** What an index has under a member's name. */
  lookUp<T>(names: NameIndex<T>, index: number): T | undefined {
    const [start, end] = [this.#nameStarts[index] as number, this.#nameEnds[index] as number]
    if (this.#nameFlags[index] === 0) return names.find(this.bytes, start, end)
    const name = this.#name(index)
    return names.find(name, 0, name.length)
  }

  /** What an index has under a value that is a text. */
  lookUpText<T>(texts: NameIndex<T>, index: number): T | undefined {
    const { bytes, start, end } = this.textBytes(index)
    return texts.find(bytes, start, end)
  }

  /** A name without its escapes. */
  #name(index: number): Buffer {
    const [start, end] = [this.#nameStarts[index] as number, this.#nameEnds[index] as number]
    return Buffer.from(String(JSON.parse(this.bytes.toString('utf8', start - 1, end + 1))))
  }

  #add(nameStart: number, nameEnd: number, nameFlags: number, start: number, end: number): void {
    const index = this.count++
    if (index === this.taken.length) this.#grow()
    this.taken[index] = 0
    this.#nameStarts[index] = nameStart
    this.#nameEnds[index] = nameEnd
    this.#nameFlags[index] = nameFlags
    this.#starts[index] = start
    this.#ends[index] = end
    this.#flags[index] = this.#scanner.seen
  }

  #grow(): void {
    const doubled = <A extends Int32Array | Uint8Array>(old: A, made: A): A => {
      made.set(old)
      return made
    }
    const size = this.taken.length * 2
    this.taken = doubled(this.taken, new Uint8Array(size))
    this.#nameStarts = doubled(this.#nameStarts, new Int32Array(size))
    this.#nameEnds = doubled(this.#nameEnds, new Int32Array(size))
    this.#nameFlags = doubled(this.#nameFlags, new Uint8Array(size))
    this.#starts = doubled(this.#starts, new Int32Array(size))
    this.#ends = doubled(this.#ends, new Int32Array(size))
    this.#flags = doubled(this.#flags, new Uint8Array(size))
  }
}

function rewrite(text: string): string {
  const object = parseJsonObject(text)
  return object ? toJson(object) : text
}
