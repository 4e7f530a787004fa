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
  /** Where lines may have another field in its place: what does not fit is kept with the fields behind it. */
  readonly orExtra?: true
  /** It is always in quotes: what is not is another field. */
  readonly quoted?: true
  /** What its text must be, for people. The type of its column, when absent. */
  readonly holds?: string
}

const space = 0x20
const quote = 0x22
const bracket = 0x5b
const closingBracket = 0x5d
const colon = 0x3a
const comma = 0x2c
const dash = 0x2d
const point = 0x2e

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

/** `address:port`, the address in brackets or not, as `<name>_ip` and `<name>_port`. */
export function endpoint(name: string, description: string): Field {
  return {
    columns: [
      { name: `${name}_ip`, type: 'STRING', description: `Address of ${description}` },
      { name: `${name}_port`, type: 'INT64', description: `Port of ${description}` },
    ],
    write: writeEndpoint,
    holds: 'address',
  }
}

/** The same text, where a line may end before it and go on with other fields: those are not in quotes. */
export function quotedOrExtra(field: Field): Field {
  return { ...field, quoted: true, orExtra: true }
}

/** `GET url HTTP/1.1` as three columns. */
export function request(verb = 'request_verb', url = 'request_url', proto = 'request_proto'): Field {
  return {
    columns: [
      { name: verb, type: 'STRING', description: 'HTTP method' },
      { name: url, type: 'STRING', description: 'URL as the client asked for it' },
      { name: proto, type: 'STRING', description: 'HTTP version' },
    ],
    write: writeRequest,
  }
}

/** A list such as `"h2","http/1.1"`, without its first and last quote. */
export function quotedTexts(name: string, description: string): Field {
  return { columns: [{ name, type: 'STRING', mode: 'REPEATED', description }], write: writeQuotedTexts }
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
export function textUntilBracket(name: string, description: string): Field {
  const span: FieldSpan = (bytes, start, end) => {
    if (bytes[start] === quote) return -1
    for (let at = start; at + 1 < end; at++) {
      if (bytes[at] === space && bytes[at + 1] === bracket) return at
    }
    return -1
  }
  return { ...text(name, description), span }
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

function writeEndpoint(row: RowWriter, column: number, bytes: Buffer, start: number, end: number): boolean {
  let split = end - 1
  while (split > start && bytes[split] !== colon) split--
  const port = split > start ? readInteger(bytes, split + 1, end) : undefined
  const ipEnd = port === undefined ? end : split
  const bracketed = bytes[start] === bracket && bytes[ipEnd - 1] === closingBracket
  const [from, to] = bracketed ? [start + 1, ipEnd - 1] : [start, ipEnd]
  if (!isAddress(bytes, from, to)) return false
  row.text(column, bytes, from, to)
  if (port !== undefined) row.integer(column + 1, port)
  return true
}

/**
 * Whether a text is written as addresses are: a line of another log has a name or a number there. Addresses that were
 * made unknown have an x for each digit or part.
 */
function isAddress(bytes: Buffer, start: number, end: number): boolean {
  let marks = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === point || byte === colon) marks += 1
    else if (!isHexDigit(byte)) return false
  }
  return marks >= 2
}

function isHexDigit(byte: number): boolean {
  const letter = byte | 0x20
  return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66) || letter === 0x78
}

/**
 * Classic load balancers leave a space behind a request they know nothing of, as application load balancers do behind one
 * without a protocol. A request of HTTP/0.9 has none either.
 */
function writeRequest(
  row: RowWriter,
  column: number,
  bytes: Buffer,
  start: number,
  fieldEnd: number,
): boolean {
  const end = fieldEnd > start && bytes[fieldEnd - 1] === space ? fieldEnd - 1 : fieldEnd
  let first = start
  while (first < end && bytes[first] !== space) first++
  let last = end - 1
  while (last > first && bytes[last] !== space) last--
  const hasProto = last > first && isProtocol(bytes, last + 1, end)
  const hasVerb = first < end && (hasProto || isMethod(bytes, start, first))
  if (hasVerb && !isDash(bytes, start, first)) row.text(column, bytes, start, first)
  const [urlStart, urlEnd] = [hasVerb ? first + 1 : start, hasProto ? last : end]
  if (urlEnd > urlStart && !isDash(bytes, urlStart, urlEnd)) row.text(column + 1, bytes, urlStart, urlEnd)
  if (hasProto && last + 1 < end && !isDash(bytes, last + 1, end)) row.text(column + 2, bytes, last + 1, end)
  return true
}

const http = Buffer.from('HTTP/')

function isProtocol(bytes: Buffer, start: number, end: number): boolean {
  return isDash(bytes, start, end) || bytes.subarray(start, start + http.length).equals(http)
}

/** Methods are capitals, at times with a dash: https://www.iana.org/assignments/http-methods [2026-11]. */
function isMethod(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte !== dash && (byte < 0x41 || byte > 0x5a)) return false
  }
  return end > start
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
  return reject('bad_value', `field ${position + 1} (${column?.name}) is no ${field.holds ?? column?.type}`)
}
