import protobuf from 'protobufjs'
import type { Column } from '../../functions/model/column.ts'
import { parseJsonObject } from '../../functions/parse/json/json-document.ts'
import { rowDescriptor } from '../../functions/split/encode/descriptor.ts'

const wireTypes = {
  TYPE_STRING: 'string',
  TYPE_INT64: 'int64',
  TYPE_DOUBLE: 'double',
  TYPE_BOOL: 'bool',
} as const

/** Reads an encoded row back as people write it: times in ISO 8601, JSON as JSON, columns that are NULL left out. */
export function rowDecoder(columns: readonly Column[]): (row: Buffer) => Record<string, unknown> {
  const type = new protobuf.Type('Row')
  for (const field of rowDescriptor(columns).field) {
    const rule = field.label === 'LABEL_REPEATED' ? 'repeated' : 'optional'
    type.add(new protobuf.Field(field.name, field.number, wireTypes[field.type], rule))
  }
  new protobuf.Root().add(type)
  return (row) => {
    const decoded = type.toObject(type.decode(row), { longs: String })
    const present = columns.filter((column) => decoded[column.name] !== undefined)
    return Object.fromEntries(present.map((column) => [column.name, readable(column, decoded[column.name])]))
  }
}

function readable(column: Column, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => readable(column, element))
  if (column.type === 'TIMESTAMP') return isoMicros(Number(value))
  // Keeps the digits of numbers that JSON.parse would round.
  if (column.type === 'JSON') return parseJsonObject(String(value)) ?? JSON.parse(String(value))
  if (column.type === 'INT64') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  return value
}

function isoMicros(micros: number): string {
  const millis = Math.floor(micros / 1000)
  const rest = String(micros - millis * 1000).padStart(3, '0')
  return new Date(millis).toISOString().replace('Z', `${rest}Z`)
}
