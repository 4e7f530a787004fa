import { alikeLines } from './alike-lines.ts'

const newline = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const quote = 0x22

/** So many lines must be like records before a quote counts as opened by mistake, and so large a part of them. */
const enoughLines = 3
const nearlyAll = 0.9

/**
 * Where in a record we are:
 * - `start`: where a quote opens a value.
 * - `plain`: in a value without quotes. One within it is a letter.
 * - `quoted`: between quotes, where newlines end nothing.
 * - `closed`: right behind a quote that may have closed the value. Another one makes it a doubled quote.
 * - `broken`: in text behind a quote that was closed. The record is none, and another quote opens again.
 */
type Place = 'start' | 'plain' | 'quoted' | 'closed' | 'broken'

/** How far the record at hand was passed. */
export interface Step {
  /**
   * - `record`: to its end.
   * - `lines`: not at all. What was passed is lines, each of its own, and cutting begins again behind them.
   * - `full`: to the limit, and it goes on.
   * - `more`: to the end of the bytes.
   */
  readonly kind: 'record' | 'lines' | 'full' | 'more'
  readonly at: number
  /** How many lines of text the record has; with `lines`, those that were passed before. */
  readonly lines: number
}

/** Finds where a record ends, byte by byte. */
export class RecordEnd {
  readonly #delimiter: number
  readonly #width: number
  readonly #strict: boolean
  readonly #limit: number
  #place: Place = 'start'
  #breaks = 0
  /** Of these, those in parts of the record that are no longer held. */
  #breaksBefore = 0
  #isWhole = true
  /** How long the record was when its lines were last looked at: not again before it is twice as long. */
  #lookedAt = 0

  /**
   * @param width how many values a record has.
   * @param strict see SeparatedKind.
   * @param limit in bytes.
   */
  constructor(delimiter: number, width: number, strict: boolean, limit: number) {
    this.#delimiter = delimiter
    this.#width = width
    this.#strict = strict
    this.#limit = limit
  }

  /** How many lines of text the record at hand has so far. */
  get lines(): number {
    return this.#breaks + 1
  }

  /** How many of these end in a part that is no longer held. */
  get linesBefore(): number {
    return this.#breaksBefore
  }

  /** Goes on from `from` with the record that is held from `record` on. */
  pass(bytes: Buffer, record: number, from: number): Step {
    const [delimiter, isStrict] = [this.#delimiter, this.#strict]
    const full = record + this.#limit + 1
    const stop = Math.min(bytes.length, full)
    let place = this.#place
    for (let at = from; at < stop; at++) {
      const byte = bytes[at]
      if (byte === newline) {
        if (this.#breaks === 1 && this.#areTwoLines(bytes, record, at))
          return this.#release(bytes.lastIndexOf(newline, at - 1) + 1)
        if (place !== 'quoted') return this.#finish(at + 1)
        this.#breaks += 1
      } else if (place === 'quoted') {
        if (byte === quote) place = 'closed'
      } else if (byte === delimiter) place = 'start'
      else if (byte === quote) {
        if (place !== 'plain') place = 'quoted'
      } else if (place === 'closed') {
        if (byte === carriageReturn) continue
        place = 'broken'
        const line = this.#breaks > 0 ? bytes.lastIndexOf(newline, at) + 1 : 0
        if (this.#isMistake(bytes, record, line)) return this.#release(line)
      } else if (place === 'start' && !(byte === space && isStrict)) place = 'plain'
    }
    this.#place = place
    if (stop < full) return { kind: 'more', at: stop, lines: this.lines }
    this.#lookedAt = 0
    const line = bytes.lastIndexOf(newline, stop - 1) + 1
    if (this.#isMistake(bytes, record, line)) return this.#release(line)
    // A newline stays with what follows it: the object's last is no part of the record.
    const isBreak = bytes[stop - 1] === newline
    if (isBreak) this.#breaks -= 1
    this.#isWhole = false
    this.#breaksBefore = this.#breaks
    return { kind: 'full', at: isBreak ? stop - 1 : stop, lines: this.lines }
  }

  /** At the end of the object: whether what is held is lines after all. Forgets a newline that nothing follows. */
  areLines(held: Buffer): boolean {
    if (this.#breaks === 1 && this.#areTwoLines(held, 0, held.length)) return true
    if (this.#place !== 'quoted') return false
    if (held.at(-1) === newline) this.#breaks -= 1
    this.#lookedAt = 0
    return this.#isMistake(held, 0, held.length)
  }

  /** Whether the lines before `line`, but for the first, are like records: then no quote holds them together. */
  #isMistake(bytes: Buffer, record: number, line: number): boolean {
    if (line - record < this.#lookedAt * 2 || line <= record) return false
    this.#lookedAt = line - record
    const second = bytes.indexOf(newline, record) + 1
    if (second === 0 || second >= line) return false
    const { lines, alike } = alikeLines(bytes, second, line, this.#delimiter, this.#width)
    return lines >= enoughLines && alike >= lines * nearlyAll
  }

  /** Where a quote may be a letter, one at hand is if its line and the next both are records as they stand. */
  #areTwoLines(bytes: Buffer, record: number, end: number): boolean {
    if (this.#strict || !this.#isWhole) return false
    const { lines, alike } = alikeLines(bytes, record, end, this.#delimiter, this.#width)
    return lines === 2 && alike === 2
  }

  #release(at: number): Step {
    const lines = this.#breaksBefore + 1
    this.#begin()
    return { kind: 'lines', at, lines }
  }

  #finish(at: number): Step {
    const { lines } = this
    this.#begin()
    return { kind: 'record', at, lines }
  }

  #begin(): void {
    this.#place = 'start'
    this.#breaks = 0
    this.#breaksBefore = 0
    this.#isWhole = true
    this.#lookedAt = 0
  }
}
