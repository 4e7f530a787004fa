import type { Column } from '../../model/column.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser } from '../../model/row-writer.ts'
import { badField, type Field, type FieldSpan, isDash } from './fields.ts'

const space = 0x20
const quote = 0x22
const bracket = 0x5b
/** No format has nearly as many. */
const maxFields = 256

/** Differences from a load balancer's lines. */
export interface DelimitedOptions {
  /** The format's columns, where they are more than those of the fields in order. Those of a field stand together. */
  readonly columns?: readonly Column[]
  /** Of fields that have none of their own, known or not: for quotes that are written in another way. */
  readonly span?: FieldSpan
}

/**
 * A parser for lines of fields between single spaces, in double quotes where they hold spaces. One field is a time, and
 * every line has it: so text with enough spaces is not taken for a line.
 *
 * @param fields in the order they stand in the line.
 * @param required how many of them the oldest lines have; later ones may be absent.
 * @param appFields column names; the first that has a value is the row's app.
 */
export function delimitedParser(
  fields: readonly Field[],
  required: number,
  appFields: readonly string[],
  { columns = columnsOf(fields), span }: DelimitedOptions = {},
): LineParser {
  const firstColumns = fields.map((field) => columns.findIndex(({ name }) => name === field.columns[0]?.name))
  const appPositions = appFields.map((name) => fields.findIndex((field) => field.columns[0]?.name === name))
  const timePosition = fields.findIndex((field) => field.columns[0]?.type === 'TIMESTAMP')
  const spans = Array.from({ length: maxFields }, (_, index) => fields[index]?.span ?? span)
  const starts = new Int32Array(maxFields)
  const ends = new Int32Array(maxFields)

  return (bytes, start, end, row) => {
    const count = splitFields(spans, bytes, start, end, starts, ends)
    if (count < 0)
      return reject(
        'malformed',
        `the quote opened at byte ${-count - start} is never closed, or text follows it`,
      )
    if (count === maxFields) return reject('malformed', `${maxFields} fields or more: another format?`)
    if (count < required) {
      return reject('malformed', `${count} fields where at least ${required} are expected: cut off?`)
    }
    const [timeStart, timeEnd] = [starts[timePosition] ?? 0, ends[timePosition] ?? 0]
    if (timeStart === timeEnd || isDash(bytes, timeStart, timeEnd))
      return reject('malformed', `field ${timePosition + 1} has no time: another format?`)
    let known = fields.length
    for (let index = 0; index < count && index < fields.length; index++) {
      const field = fields[index] as Field
      const [from, to] = [starts[index] ?? 0, ends[index] ?? 0]
      if (field.quoted && bytes[from - 1] !== quote) {
        known = index
        break
      }
      if (from === to || isDash(bytes, from, to)) continue
      if (field.write(row, firstColumns[index] ?? 0, bytes, from, to)) continue
      if (!field.orExtra) return badField(field, index)
      known = index
      break
    }
    for (const position of appPositions) {
      const [from, to] = [starts[position] ?? 0, ends[position] ?? 0]
      if (position < 0 || position >= count || from === to || isDash(bytes, from, to)) continue
      row.app(bytes.toString('utf8', from, to))
      break
    }
    if (count > known) row.rest(extraFields(bytes, starts, ends, known, count))
    return inRow
  }
}

/** The columns of a list of fields, in order. */
export function columnsOf(fields: readonly Field[]): Column[] {
  return fields.flatMap((field) => field.columns)
}

/** Fields newer than this code are kept, in order, as `{"extra_fields": [...]}`. */
function extraFields(
  bytes: Buffer,
  starts: Int32Array,
  ends: Int32Array,
  from: number,
  count: number,
): string {
  const extra = Array.from({ length: count - from }, (_, index) =>
    bytes.toString('utf8', starts[from + index], ends[from + index]),
  )
  return JSON.stringify({ extra_fields: extra })
}

/**
 * Finds the fields of `bytes[start, end)`; those past the arrays' length are left out.
 * @returns their number, or minus the position (plus one) of a quote that is never closed.
 */
function splitFields(
  spans: readonly (FieldSpan | undefined)[],
  bytes: Buffer,
  start: number,
  end: number,
  starts: Int32Array,
  ends: Int32Array,
): number {
  let count = 0
  for (let at = start; at < end && count < starts.length; at++) {
    const span = spans[count]
    let to = span === undefined ? -1 : span(bytes, at, end)
    if (to > end) return -(at + 1)
    if (to >= 0) {
      const marks = bytes[at] === quote || bytes[at] === bracket ? 1 : 0
      starts[count] = at + marks
      ends[count++] = to - marks
      at = to
    } else if (bytes[at] === quote) {
      to = closingQuote(bytes, at + 1, end)
      if (to < 0) return -(at + 1)
      starts[count] = at + 1
      ends[count++] = to
      at = to + 1
    } else {
      to = at
      while (to < end && bytes[to] !== space) to++
      starts[count] = at
      ends[count++] = to
      at = to
    }
  }
  return count
}

/**
 * A quote closes a field when a space or the line's end follows: AWS writes quotes inside as \\x22, or as they are. A
 * quote that closes none, and one that opens another field behind it, say that a space is missing between two fields.
 * @returns -1 when there is no such quote.
 */
function closingQuote(bytes: Buffer, from: number, end: number): number {
  let inside = false
  for (let at = from; at < end; at++) {
    if (bytes[at] !== quote) continue
    if (at + 1 === end || bytes[at + 1] === space) return at
    if (inside && bytes[at - 1] === space) return -1
    inside = true
  }
  return -1
}
