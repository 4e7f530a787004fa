import type { Column, ColumnType } from '../model/column.ts'
import { isObject, numberText, toJson } from './json-document.ts'
import { readInteger } from './numbers.ts'
import type { RowWriter } from './row-writer.ts'
import { bounded, readIsoTime } from './timestamps.ts'

/** Writes a member's value, never null, into its column; false if it does not fit: it then stays in `rest`. */
type WriteMember = (row: RowWriter, column: number, value: unknown) => boolean

/** One member of a JSON record: where it stands, the column it becomes, and how. */
export interface JsonField {
  /** Names from the outside in, between dots. */
  readonly path: string
  readonly column: Column
  readonly write: WriteMember
}

/** Athena's DDLs have members in lower case; one of a member is `member_name` here. */
function columnName(path: string): string {
  return path.replaceAll('.', '_').toLowerCase()
}

function fieldOf(type: ColumnType, write: WriteMember) {
  return (path: string, description: string, name = columnName(path)): JsonField => ({
    path,
    column: { name, type, description },
    write,
  })
}

export const text = fieldOf('STRING', writeText)
export const integer = fieldOf('INT64', writeInteger)
export const boolean = fieldOf('BOOL', writeBoolean)
/** An object or a list, as JSON. */
export const json = fieldOf('JSON', writeJson)

export function texts(path: string, description: string, name = columnName(path)): JsonField {
  return { path, column: { name, type: 'STRING', mode: 'REPEATED', description }, write: writeTexts }
}

/** A time: ISO 8601, or since 1970 in the unit given. `isEventTime` makes it the row's event_time too. */
export function time(
  path: string,
  description: string,
  { unit, isEventTime = false }: { unit: 'iso' | 'seconds' | 'millis'; isEventTime?: boolean },
  name = columnName(path),
): JsonField {
  const write: WriteMember = (row, column, value) => {
    const micros = unit === 'iso' ? isoTime(value) : epoch(value, unit === 'seconds' ? 1_000_000 : 1000)
    if (micros === undefined) return false
    row.timestamp(column, micros)
    if (isEventTime) row.eventTime(micros)
    return true
  }
  return { path, column: { name, type: 'TIMESTAMP', description }, write }
}

function writeText(row: RowWriter, column: number, value: unknown): boolean {
  if (typeof value !== 'string') return false
  row.string(column, value.toWellFormed())
  return true
}

/** AWS writes some numbers as text. */
function writeInteger(row: RowWriter, column: number, value: unknown): boolean {
  const exact = Number.isSafeInteger(value) ? Number(value) : integerText(value)
  if (exact === undefined) return false
  row.integer(column, exact)
  return true
}

function integerText(value: unknown): number | bigint | undefined {
  const digits = Buffer.from(typeof value === 'string' ? value : (numberText(value) ?? ''))
  return readInteger(digits, 0, digits.length)
}

function writeBoolean(row: RowWriter, column: number, value: unknown): boolean {
  const isTrue = value === true || value === 'true'
  if (!isTrue && value !== false && value !== 'false') return false
  row.boolean(column, isTrue)
  return true
}

function writeJson(row: RowWriter, column: number, value: unknown): boolean {
  if (!Array.isArray(value) && !isObject(value)) return false
  row.string(column, toJson(value))
  return true
}

function writeTexts(row: RowWriter, column: number, value: unknown): boolean {
  if (!Array.isArray(value) || !value.every((element) => typeof element === 'string')) return false
  for (const element of value) row.string(column, element.toWellFormed())
  return true
}

function isoTime(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 64) return undefined
  const bytes = Buffer.from(value)
  return readIsoTime(bytes, 0, bytes.length)
}

function epoch(value: unknown, unitMicros: number): number | undefined {
  const count = integerText(value)
  return typeof count === 'number' ? bounded(count * unitMicros) : undefined
}
