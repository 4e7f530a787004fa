import type { Column } from '../../model/column.ts'
import { type Reject, reject } from '../../model/reject.ts'
import type { RowWriter } from '../../model/row-writer.ts'
import { readFloat, readInteger } from './numbers.ts'
import { readEpoch, readIsoTime, readLogTime } from './timestamps.ts'

/** Writes one field of a line, never `-`, into the columns that start at `column`; false if it does not fit. */
type WriteField = (row: RowWriter, column: number, bytes: Buffer, start: number, end: number) => boolean

/**
 * Where a field that starts at `start` ends, including the marks around it. -1 when it is delimited as usual; a place
 * beyond `end` when its quote is never closed. Looks at each byte of the line a bounded number of times.
 */
export type FieldSpan = (bytes: Buffer, start: number, end: number) => number

/** One field of a line: the columns it becomes and how. */
export interface Field {
  readonly columns: readonly Column[]
  readonly write: WriteField
  /** For a field whose end neither a space nor a quote marks. */
  readonly span?: FieldSpan
  /** What its text must be, for the reject of one that is not. When absent, what its column holds. */
  readonly expects?: string
}

const space = 0x20
const quote = 0x22
const bracket = 0x5b
const closingBracket = 0x5d
const comma = 0x2c
const dash = 0x2d

export function isDash(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 1 && bytes[start] === dash
}

export function text(name: string, description: string): Field {
  return { columns: [{ name, type: 'STRING', description }], write: writeText }
}

export function integer(name: string, description: string): Field {
  return { columns: [{ name, type: 'INT64', description }], write: writeInteger }
}

export function float(name: string, description: string): Field {
  return { columns: [{ name, type: 'FLOAT64', description }], write: writeFloat }
}

/** A time in ISO 8601. `isEventTime` makes it the row's event_time too. */
export function time(name: string, description: string, isEventTime = false): Field {
  return timestamp(name, description, isEventTime, readIsoTime)
}

/** A time as in `[20/Nov/2026:10:15:00 +0000]`, the row's event_time. */
export function logTime(name: string, description: string): Field {
  return { ...timestamp(name, description, true, readLogTime), span: bracketedSpan }
}

/** A time in seconds since 1970. `isEventTime` makes it the row's event_time too. */
export function epochTime(name: string, description: string, isEventTime = false): Field {
  return timestamp(name, description, isEventTime, readEpochText)
}

function timestamp(
  name: string,
  description: string,
  isEventTime: boolean,
  read: (bytes: Buffer, start: number, end: number) => number | undefined,
): Field {
  const write: WriteField = (row, column, bytes, start, end) => {
    const micros = read(bytes, start, end)
    if (micros === undefined) return false
    row.timestamp(column, micros)
    if (isEventTime) row.eventTime(micros)
    return true
  }
  return { columns: [{ name, type: 'TIMESTAMP', description }], write }
}

function readEpochText(bytes: Buffer, start: number, end: number): number | undefined {
  const value = readFloat(bytes, start, end)
  return value === undefined ? undefined : readEpoch(value)
}

/** A list such as `"h2","http/1.1"`, without its first and last quote. */
export function quotedTexts(name: string, description: string): Field {
  const columns: Column[] = [{ name, type: 'STRING', mode: 'REPEATED', description }]
  return { columns, write: writeQuotedTexts, span: quotedTextsSpan }
}

/**
 * A field in quotes that may hold quotes and spaces as they are: it ends at the first quote that the next field can
 * follow.
 * @param isNext whether the text from `start` begins as the next field does.
 */
export function looselyQuoted(
  field: Field,
  isNext: (bytes: Buffer, start: number, end: number) => boolean,
): Field {
  const span: FieldSpan = (bytes, start, end) => {
    if (bytes[start] !== quote) return -1
    for (let at = start + 1; at < end; at++) {
      if (bytes[at] !== quote) continue
      if (at + 1 === end || (bytes[at + 1] === space && isNext(bytes, at + 2, end))) return at + 1
    }
    return -1
  }
  return { ...field, span }
}

/** A text with spaces in it, up to the next field, which is in brackets. */
export function textUntilBracket(field: Field): Field {
  const span: FieldSpan = (bytes, start, end) => {
    if (bytes[start] === quote) return -1
    for (let at = start; at + 1 < end; at++) {
      if (bytes[at] === space && bytes[at + 1] === bracket) return at
    }
    return -1
  }
  return { ...field, span }
}

export function texts(name: string, description: string, separator: ',' | ' '): Field {
  return {
    columns: [{ name, type: 'STRING', mode: 'REPEATED', description }],
    write: listOf(writeText, separator),
  }
}

export function integers(name: string, description: string, separator: ',' | ' '): Field {
  return {
    columns: [{ name, type: 'INT64', mode: 'REPEATED', description }],
    write: listOf(writeInteger, separator),
  }
}

/** Up to the first quote that no further text of the list follows. */
function quotedTextsSpan(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== quote) return -1
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] !== quote) continue
    if (bytes[at + 1] !== comma || bytes[at + 2] !== quote) return at + 1
    at += 2
  }
  return end + 1
}

/** A list between commas, each with a space behind it, in quotes or not. */
export function spacedList(field: Field): Field {
  const span: FieldSpan = (bytes, start, end) => {
    if (bytes[start] === quote) return -1
    for (let at = start; at < end; at++) {
      if (bytes[at] === space && bytes[at - 1] !== comma) return at
    }
    return end
  }
  return { ...field, span }
}

function bracketedSpan(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== bracket) return -1
  for (let at = start + 1; at < end; at++) if (bytes[at] === closingBracket) return at + 1
  return -1
}

function writeText(row: RowWriter, column: number, bytes: Buffer, start: number, end: number): boolean {
  row.text(column, bytes, start, end)
  return true
}

function writeInteger(row: RowWriter, column: number, bytes: Buffer, start: number, end: number): boolean {
  const value = readInteger(bytes, start, end)
  if (value === undefined) return false
  row.integer(column, value)
  return true
}

function writeFloat(row: RowWriter, column: number, bytes: Buffer, start: number, end: number): boolean {
  const value = readFloat(bytes, start, end)
  if (value === undefined) return false
  row.float(column, value)
  return true
}

function listOf(write: WriteField, separator: ',' | ' '): WriteField {
  const cut = separator === ',' ? comma : space
  return (row, column, bytes, start, end) => {
    for (let from = start; from < end; ) {
      let to = from
      while (to < end && bytes[to] !== cut) to++
      if (to > from && !isDash(bytes, from, to) && !write(row, column, bytes, from, to)) return false
      from = to + 1
    }
    return true
  }
}

function writeQuotedTexts(
  row: RowWriter,
  column: number,
  bytes: Buffer,
  start: number,
  end: number,
): boolean {
  for (let from = start; from <= end; ) {
    let to = from
    while (to < end && !(bytes[to] === quote && bytes[to + 1] === comma && bytes[to + 2] === quote)) to++
    if (to > from) row.text(column, bytes, from, to)
    from = to + 3
  }
  return true
}

/** The reject of a field whose text its columns cannot hold. */
export function badField(field: Field, position: number): Reject {
  const column = field.columns[0]
  return reject('bad_value', `field ${position + 1} (${column?.name}) is no ${field.expects ?? column?.type}`)
}
