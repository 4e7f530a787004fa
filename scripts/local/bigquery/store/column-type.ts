import { quoted } from './names.ts'
import type { ColumnResource } from './resources.ts'
import { invalid } from './store-error.ts'

/** The standard names of the types the store keeps. */
export type ColumnType =
  | 'STRING'
  | 'BYTES'
  | 'INT64'
  | 'FLOAT64'
  | 'BOOL'
  | 'TIMESTAMP'
  | 'DATE'
  | 'DATETIME'
  | 'TIME'
  | 'NUMERIC'
  | 'JSON'
  | 'STRUCT'

const standardNames = new Map<string, ColumnType>([
  ['STRING', 'STRING'],
  ['BYTES', 'BYTES'],
  ['INT64', 'INT64'],
  ['INTEGER', 'INT64'],
  ['FLOAT64', 'FLOAT64'],
  ['FLOAT', 'FLOAT64'],
  ['BOOL', 'BOOL'],
  ['BOOLEAN', 'BOOL'],
  ['TIMESTAMP', 'TIMESTAMP'],
  ['DATE', 'DATE'],
  ['DATETIME', 'DATETIME'],
  ['TIME', 'TIME'],
  ['NUMERIC', 'NUMERIC'],
  ['DECIMAL', 'NUMERIC'],
  ['JSON', 'JSON'],
  ['STRUCT', 'STRUCT'],
  ['RECORD', 'STRUCT'],
])

const duckTypes: Readonly<Record<Exclude<ColumnType, 'STRUCT'>, string>> = {
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATE: 'DATE',
  DATETIME: 'TIMESTAMP',
  TIME: 'TIME',
  NUMERIC: 'DECIMAL(38,9)',
  JSON: 'JSON',
}

/** A column's type under its standard name. Refuses types the store does not model (BIGNUMERIC, GEOGRAPHY, INTERVAL, RANGE). */
export function columnType(column: ColumnResource): ColumnType {
  const type = standardNames.get(column.type.toUpperCase())
  if (type === undefined) throw invalid(`Invalid value for type: ${column.type} is not a valid value`)
  return type
}

/**
 * A column's type in DuckDB. With `blob: 'VARCHAR'`, the type under which its values travel as JSON: DuckDB's cast
 * from VARCHAR to BLOB then reads the `\xNN` escapes.
 */
export function duckType(column: ColumnResource, blob: 'BLOB' | 'VARCHAR' = 'BLOB'): string {
  const type = columnType(column)
  const element = type === 'STRUCT' ? structType(column, blob) : type === 'BYTES' ? blob : duckTypes[type]
  return column.mode === 'REPEATED' ? `${element}[]` : element
}

function structType(column: ColumnResource, blob: 'BLOB' | 'VARCHAR'): string {
  const fields = column.fields ?? []
  if (fields.length === 0) {
    throw invalid(`Field ${column.name} is type RECORD but has no schema`)
  }
  return `STRUCT(${fields.map((field) => `${quoted(field.name)} ${duckType(field, blob)}`).join(', ')})`
}
