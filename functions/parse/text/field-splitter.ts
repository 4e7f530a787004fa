import { type Reject, reject } from '../../model/reject.ts'
import type { Field, FieldSpan } from './fields.ts'

const space = 0x20
const quote = 0x22
const colon = 0x3a
const bracket = 0x5b
const closingBracket = 0x5d
/** No format has nearly as many. */
const maxFields = 256

/** Finds the fields of lines: words between single spaces, in double quotes where they hold spaces. */
export class FieldSplitter {
  readonly starts = new Int32Array(maxFields)
  readonly ends = new Int32Array(maxFields)
  /** How many fields the last line has. */
  count = 0
  readonly #spans: readonly (FieldSpan | undefined)[]
  readonly #known: number

  /**
   * @param known fields that all lines have, in order.
   * @param span of fields that have none of their own, known or not.
   */
  constructor(known: readonly Field[], span: FieldSpan | undefined) {
    this.#spans = Array.from({ length: maxFields }, (_, index) => known[index]?.span ?? span)
    this.#known = known.length
  }

  /** Finds the fields of `bytes[start, end)`. The marks around a field are no part of it. */
  line(bytes: Buffer, start: number, end: number): Reject | undefined {
    const { starts, ends } = this
    const spans = this.#spans
    let count = 0
    for (let at = start; at < end; ) {
      if (count === maxFields) return malformed(`${maxFields} fields or more: another format?`)
      const span = spans[count]
      let to = span === undefined ? -1 : span(bytes, at, end)
      if (to < 0 && bytes[at] !== quote) {
        to = wordEnd(bytes, at, end, count < this.#known)
        if (to < end && bytes[to] === quote)
          return malformed(`a quote stands within field ${count + 1}, at byte ${to - start + 1}`)
        starts[count] = at
        ends[count++] = to
        at = to + 1
        continue
      }
      if (to < 0) to = closingQuote(bytes, at, end)
      if (to > end) return malformed(`the quote opened at byte ${at - start + 1} is never closed`)
      const marks = to > at + 1 && isMarked(bytes[at], bytes[to - 1]) ? 1 : 0
      starts[count] = at + marks
      ends[count++] = to - marks
      at = to + 1
      if (marks === 0 || to === end || bytes[to] === space) continue
      if (bytes[to - 1] === quote) return malformed(`text follows the quote closed at byte ${to - start}`)
      if (bytes[to] === quote) at = to
      else if (bytes[to] !== colon) return malformed(`text follows the bracket closed at byte ${to - start}`)
    }
    this.count = count
    return undefined
  }
}

function isMarked(first: number | undefined, last: number | undefined): boolean {
  return (first === quote && last === quote) || (first === bracket && last === closingBracket)
}

/** Behind the quote that closes the one at `start`: formats that have quotes in their values have spans for them. */
function closingQuote(bytes: Buffer, start: number, end: number): number {
  let at = start + 1
  while (at < end && bytes[at] !== quote) at++
  return at + 1
}

/** The end of a word; or the place of a quote in it, if it may have none. */
function wordEnd(bytes: Buffer, start: number, end: number, noQuotes: boolean): number {
  let at = start
  while (at < end && bytes[at] !== space && !(noQuotes && bytes[at] === quote)) at++
  return at
}

function malformed(reason: string): Reject {
  return reject('malformed', reason)
}
