import type { Column } from '../model/column.ts'
import type { Reject } from '../model/reject.ts'
import { readFloat, readInteger } from './numbers.ts'
import type { RowWriter } from './row-writer.ts'
import { readIsoTime } from './timestamps.ts'

/** Writes one field of a delimited line, never `-`, into the columns that start at `column`; false if it does not fit. */
type WriteField = (row: RowWriter, column: number, bytes: Buffer, start: number, end: number) => boolean

/** One field of a delimited format: the columns it becomes and how. */
export interface Field {
  readonly columns: readonly Column[]
  readonly write: WriteField
}

const space = 0x20
const colon = 0x3a
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
  const write: WriteField = (row, column, bytes, start, end) => {
    const micros = readIsoTime(bytes, start, end)
    if (micros === undefined) return false
    row.timestamp(column, micros)
    if (isEventTime) row.eventTime(micros)
    return true
  }
  return { columns: [{ name, type: 'TIMESTAMP', description }], write }
}

/** `address:port`, the address in brackets or not, as `<name>_ip` and `<name>_port`. */
export function endpoint(name: string, description: string): Field {
  return {
    columns: [
      { name: `${name}_ip`, type: 'STRING', description: `Address of ${description}` },
      { name: `${name}_port`, type: 'INT64', description: `Port of ${description}` },
    ],
    write: writeEndpoint,
  }
}

/** `GET url HTTP/1.1` as `request_verb`, `request_url` and `request_proto`. */
export function request(): Field {
  return {
    columns: [
      { name: 'request_verb', type: 'STRING', description: 'HTTP method' },
      { name: 'request_url', type: 'STRING', description: 'URL as the client asked for it' },
      { name: 'request_proto', type: 'STRING', description: 'HTTP version' },
    ],
    write: writeRequest,
  }
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
  const bracketed = bytes[start] === 0x5b && bytes[ipEnd - 1] === 0x5d
  row.text(column, bytes, bracketed ? start + 1 : start, bracketed ? ipEnd - 1 : ipEnd)
  if (port !== undefined) row.integer(column + 1, port)
  return true
}

function writeRequest(row: RowWriter, column: number, bytes: Buffer, start: number, end: number): boolean {
  let first = start
  while (first < end && bytes[first] !== space) first++
  let last = end - 1
  while (last > first && bytes[last] !== space) last--
  const whole = first >= last
  if (!whole && !isDash(bytes, start, first)) row.text(column, bytes, start, first)
  const [urlStart, urlEnd] = whole ? [start, end] : [first + 1, last]
  if (urlEnd > urlStart && !isDash(bytes, urlStart, urlEnd)) row.text(column + 1, bytes, urlStart, urlEnd)
  if (!whole && last + 1 < end && !isDash(bytes, last + 1, end)) row.text(column + 2, bytes, last + 1, end)
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

/** The reject of a field whose text its columns cannot hold. */
export function badField(field: Field, position: number): Reject {
  const column = field.columns[0]
  return { errorClass: 'bad_value', reason: `field ${position + 1} (${column?.name}) is no ${column?.type}` }
}
