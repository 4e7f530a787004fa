import {
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { ColumnResource } from '../store/resources.ts'

/** A value as REST writes it: scalars as text, `[{v}]` for arrays, `{f: [{v}]}` for records. */
export type Wire =
  | string
  | null
  | readonly { readonly v: Wire }[]
  | { readonly f: readonly { readonly v: Wire }[] }
export interface WireRow {
  readonly f: readonly { readonly v: Wire }[]
}

/** How timestamps are written: microseconds, seconds with a fraction, or RFC 3339. */
export type TimestampFormat = 'INT64' | 'FLOAT64' | 'ISO8601_STRING'

export function wireRow(
  columns: readonly ColumnResource[],
  values: readonly DuckDBValue[],
  timestamps: TimestampFormat,
): WireRow {
  return { f: columns.map((column, index) => ({ v: cell(column, values[index] ?? null, timestamps) })) }
}

function cell(column: ColumnResource, value: DuckDBValue, timestamps: TimestampFormat): Wire {
  if (column.mode !== 'REPEATED') return scalarOrRecord(column, value, timestamps)
  // BigQuery has no NULL arrays in results: they read as empty.
  const items = value instanceof DuckDBListValue ? value.items : []
  return items.map((item) => ({ v: scalarOrRecord(column, item, timestamps) }))
}

function scalarOrRecord(column: ColumnResource, value: DuckDBValue, timestamps: TimestampFormat): Wire {
  if (value === null) return null
  if (value instanceof DuckDBStructValue) {
    const fields = column.fields ?? []
    return { f: fields.map((field) => ({ v: cell(field, value.entries[field.name] ?? null, timestamps) })) }
  }
  if (value instanceof DuckDBTimestampTZValue) return timestampText(value.micros, timestamps)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  const text = String(value)
  if (column.type === 'DATETIME') return text.replace(' ', 'T')
  if (column.type === 'NUMERIC') return text.replace(/\.0+$|(\.\d*?)0+$/, '$1')
  return text
}

function timestampText(micros: bigint, format: TimestampFormat): string {
  if (format === 'INT64') return String(micros)
  const million = 1_000_000n
  const fraction = ((micros % million) + million) % million
  const seconds = (micros - fraction) / million
  if (format === 'FLOAT64') return String(Number(micros) / 1e6)
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  return `${whole}.${String(fraction).padStart(6, '0')}Z`
}
