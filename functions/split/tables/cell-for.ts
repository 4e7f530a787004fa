import type { Cell, Column, ColumnType } from '../../model/column.ts'
import { isObject, numberText, toJson } from '../../parse/json/json-document.ts'
import { readFloat, readInteger } from '../../parse/text/numbers.ts'
import { readEpoch, readIsoTime } from '../../parse/text/timestamps.ts'

/** A value as its column holds it. Undefined when the column would lose some of it. Not for NULL. */
export function cellFor(column: Column, value: unknown): Cell {
  if (column.mode !== 'REPEATED') return fits[column.type](value)
  if (!Array.isArray(value)) return undefined
  // BigQuery's arrays hold no NULL.
  const present: unknown[] = value.filter((element) => element !== null && element !== undefined)
  const cells = present.map((element) => fits[column.type](element))
  return cells.some((cell) => cell === undefined) ? undefined : (cells as (string | number | bigint)[])
}

type Scalar = string | number | bigint | boolean | undefined

const fits: Readonly<Record<ColumnType, (value: unknown) => Scalar>> = {
  STRING: fitString,
  INT64: fitInteger,
  FLOAT64: fitFloat,
  BOOL: fitBoolean,
  TIMESTAMP: fitTime,
  JSON: fitJson,
}

function fitString(value: unknown): Scalar {
  if (typeof value === 'string') return value.toWellFormed()
  return typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : numberText(value)
}

/** Digits as text count as a number: CSV knows nothing else, and JSON writers do it for large ones. */
function fitInteger(value: unknown): Scalar {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : fitLarge(value)
  if (typeof value === 'bigint') return fitLarge(value)
  const bytes = Buffer.from(textOf(value))
  return readInteger(bytes, 0, bytes.length)
}

function fitLarge(value: number | bigint): bigint | undefined {
  if (typeof value === 'number' && !Number.isInteger(value)) return undefined
  const exact = BigInt(value)
  return BigInt.asIntN(64, exact) === exact ? exact : undefined
}

function fitFloat(value: unknown): Scalar {
  if (typeof value === 'number') return value
  const bytes = Buffer.from(textOf(value))
  return readFloat(bytes, 0, bytes.length)
}

function fitBoolean(value: unknown): Scalar {
  if (typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value.toLowerCase() : ''
  return text === 'true' ? true : text === 'false' ? false : undefined
}

function fitTime(value: unknown): Scalar {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime() * 1000
  const number = numberText(value)
  if (number !== undefined) return inRange(readEpoch(Number(number)))
  const bytes = Buffer.from(textOf(value))
  return (
    readIsoTime(bytes, 0, bytes.length) ??
    (/^\d{9,19}(\.\d+)?$/.test(textOf(value)) ? inRange(readEpoch(Number(value))) : undefined)
  )
}

/** BigQuery's last TIMESTAMP is in 9999. */
function inRange(micros: number | undefined): number | undefined {
  return micros !== undefined && micros < 253_402_300_800_000_000 ? micros : undefined
}

function fitJson(value: unknown): Scalar {
  if (isObject(value)) return toJson(value)
  const wrapped = toJson({ value })
  return wrapped === '{}' ? undefined : wrapped.slice('{"value":'.length, -1)
}

/** Text of a sane length, or none. */
function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (numberText(value) ?? '')
  return text.length <= 64 ? text : ''
}
