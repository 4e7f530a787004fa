import { isUtf8 } from 'node:buffer'
import { protos } from '@google-cloud/bigquery-storage'
import type { Reader } from 'protobufjs'
import type { ColumnType } from '../store/column-type.ts'
import {
  dateText,
  datetimeMicros,
  firstDay,
  isInCalendar,
  isTimeLiteral,
  lastDay,
  safeTimestampText,
  timestampText,
} from './civil-time.ts'

/** A value that does not fit its column. The message names what is wrong with it, not the column. */
export class ValueFault extends Error {
  override readonly name = 'ValueFault'
}

/** How to read one scalar from the wire, and to write it as the JSON that DuckDB reads as the column's type. */
export interface ScalarReader {
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wireType: 0 | 1 | 2 | 5
  /** Throws {@link ValueFault}. `time` is told the value as microseconds since 1970, if it is one. */
  readonly read: (reader: Reader, time?: (micros: number) => void) => string
}

const { Type } = protos.google.protobuf.FieldDescriptorProto
type WireName = 'int64' | 'int32' | 'uint32' | 'bool' | 'double' | 'float' | 'string' | 'bytes'

const wireNames = new Map<number, WireName>([
  [Type.TYPE_INT64, 'int64'],
  [Type.TYPE_INT32, 'int32'],
  [Type.TYPE_UINT32, 'uint32'],
  [Type.TYPE_BOOL, 'bool'],
  [Type.TYPE_DOUBLE, 'double'],
  [Type.TYPE_FLOAT, 'float'],
  [Type.TYPE_STRING, 'string'],
  [Type.TYPE_BYTES, 'bytes'],
])

const int64: ScalarReader = { wireType: 0, read: (reader) => String(integer(reader)) }
const int32: ScalarReader = { wireType: 0, read: (reader) => String(reader.int32()) }
const uint32: ScalarReader = { wireType: 0, read: (reader) => String(reader.uint32()) }

/**
 * Which protobuf types may fill which column: the preferred ones of
 * https://cloud.google.com/bigquery/docs/supported-data-types. Not modelled, and refused: enums, wrapper messages,
 * integers for BOOL, civil-time integers, and NUMERIC as bytes or floating point.
 */
const readers: Readonly<Record<Exclude<ColumnType, 'STRUCT'>, Partial<Record<WireName, ScalarReader>>>> = {
  INT64: { int64, int32, uint32 },
  BOOL: { bool: { wireType: 0, read: (reader) => String(reader.bool()) } },
  FLOAT64: {
    double: { wireType: 1, read: (reader) => numberJson(reader.double()) },
    float: { wireType: 5, read: (reader) => numberJson(reader.float()) },
  },
  STRING: { string: text((value) => JSON.stringify(value)) },
  BYTES: { bytes: { wireType: 2, read: (reader) => bytesJson(reader.bytes()) } },
  JSON: { string: text(documentJson) },
  NUMERIC: { string: text(numericJson), int64, int32, uint32 },
  TIMESTAMP: { int64: { wireType: 0, read: timestampJson } },
  DATE: { int32: { wireType: 0, read: dateJson } },
  DATETIME: { string: text(datetimeJson) },
  TIME: { string: text(timeJson) },
}

/** The reader for a protobuf type and a column type; undefined when the one cannot fill the other. */
export function scalarReader(wire: number, column: Exclude<ColumnType, 'STRUCT'>): ScalarReader | undefined {
  const name = wireNames.get(wire)
  return name && readers[column][name]
}

type TimeListener = (micros: number) => void

function text(toJson: (value: string, time?: TimeListener) => string): ScalarReader {
  return { wireType: 2, read: (reader, time) => toJson(utf8(reader.bytes()), time) }
}

/** An int64: a number where that is exact, which is many times faster. */
function integer(reader: Reader): number | bigint {
  const long = reader.int64()
  const value = long.high * 2 ** 32 + (long.low >>> 0)
  return Number.isSafeInteger(value) ? value : BigInt(long.toString())
}

/** Decoding replaces what is not UTF-8 by U+FFFD, so only text that has one needs the second look. */
function utf8(bytes: Uint8Array): string {
  const value = asBuffer(bytes).toString('utf8')
  if (value.includes('\ufffd') && !isUtf8(bytes)) throw new ValueFault('the string is not valid UTF-8')
  return value
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** JSON has no NaN and no infinities; DuckDB reads them from strings. */
function numberJson(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`
}

function bytesJson(bytes: Uint8Array): string {
  const hex = asBuffer(bytes).toString('hex')
  return `"${hex.replace(/../g, '\\\\x$&')}"`
}

const surrogateEscape = /\\u[dD][89a-fA-F]/

/** A JSON document, spliced in as it stands. Outside its strings a line break is only space, so it may become one. */
function documentJson(value: string): string {
  let parsed: unknown
  try {
    parsed = JSON.parse(value)
  } catch (error) {
    throw new ValueFault(`the string is not valid JSON (${String(error)})`)
  }
  // JSON.stringify keeps such an escape only where it is half a pair. DuckDB cannot read that.
  if (surrogateEscape.test(value) && surrogateEscape.test(JSON.stringify(parsed))) {
    throw new ValueFault('the JSON has an escape for half a surrogate pair')
  }
  return value.replace(/[\r\n]/g, ' ').trim()
}

/** At most 29 digits before and 9 after the point. BigQuery rounds further digits; here they are refused. */
function numericJson(value: string): string {
  if (!/^[+-]?\d{1,29}(\.\d{1,9})?$/.test(value)) throw new ValueFault(`"${value}" is not a NUMERIC`)
  return `"${value}"`
}

function timestampJson(reader: Reader, time?: TimeListener): string {
  const micros = integer(reader)
  if (!isInCalendar(micros)) throw new ValueFault(`the timestamp ${micros} is outside the years 0001 to 9999`)
  time?.(Number(micros))
  return `"${typeof micros === 'number' ? safeTimestampText(micros) : timestampText(micros)}"`
}

function dateJson(reader: Reader, time?: TimeListener): string {
  const days = reader.int32()
  if (days < firstDay || days > lastDay)
    throw new ValueFault(`the date ${days} is outside the years 0001 to 9999`)
  time?.(days * 86_400_000_000)
  return `"${dateText(days)}"`
}

function datetimeJson(value: string, time?: TimeListener): string {
  const micros = datetimeMicros(value)
  if (micros === undefined) throw new ValueFault(`"${value}" is not a DATETIME`)
  time?.(micros)
  return `"${value.replace(/[Tt]/, ' ')}"`
}

function timeJson(value: string): string {
  if (!isTimeLiteral(value)) throw new ValueFault(`"${value}" is not a TIME`)
  return `"${value}"`
}
