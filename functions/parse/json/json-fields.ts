import type { Column, ColumnType } from '../../model/column.ts'
import type { RowWriter } from '../../model/row-writer.ts'
import { isDash } from '../text/fields.ts'
import { readFloat, readInteger } from '../text/numbers.ts'
import { bounded, readIsoTime } from '../text/timestamps.ts'
import type { JsonMembers } from './json-members.ts'

/**
 * Writes a member's value, which is never null, into its column; nothing when the value means that there is none.
 * False when the value does not fit: then it stays in `rest`.
 */
export type WriteMember = (row: RowWriter, column: number, members: JsonMembers, index: number) => boolean

/** One member of a JSON record: where it stands, the column it becomes, and how. */
export interface JsonField {
  /** Names from the outside in, between dots. */
  readonly path: string
  readonly column: Column
  readonly write: WriteMember
}

/** Athena's DDLs have members in lower case; one of a member is `member_name` here. */
export function columnName(path: string): string {
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
/** A text for which the service writes `-` when it has none: NULL. Not for text that a client sends. */
export const textOrDash = fieldOf('STRING', writeTextOrDash)
export const integer = fieldOf('INT64', writeInteger)
export const float = fieldOf('FLOAT64', writeFloat)
export const boolean = fieldOf('BOOL', writeBoolean)
/** An object or a list, as JSON. */
export const json = fieldOf('JSON', writeJson)

export function texts(path: string, description: string, name = columnName(path)): JsonField {
  return { path, column: { name, type: 'STRING', mode: 'REPEATED', description }, write: writeTexts }
}

type TimeUnit = 'iso' | 'seconds' | 'millis' | 'micros' | 'millisOrIso'

/** A time: ISO 8601, or since 1970 in the unit given. `isEventTime` makes it the row's event_time too. */
export function time(
  path: string,
  description: string,
  { unit, isEventTime = false }: { unit: TimeUnit; isEventTime?: boolean },
  name = columnName(path),
): JsonField {
  const read = timeIn[unit]
  const write: WriteMember = (row, column, members, index) => {
    const micros = read(members, index)
    if (micros === undefined) return false
    row.timestamp(column, micros)
    if (isEventTime) row.eventTime(micros)
    return true
  }
  return { path, column: { name, type: 'TIMESTAMP', description }, write }
}

function writeText(row: RowWriter, column: number, members: JsonMembers, index: number): boolean {
  if (!members.isText(index)) return false
  members.writeText(row, column, index)
  return true
}

function writeTextOrDash(row: RowWriter, column: number, members: JsonMembers, index: number): boolean {
  if (!members.isText(index)) return false
  const { bytes, start, end } = members.textBytes(index)
  return isDash(bytes, start, end) || writeText(row, column, members, index)
}

/** AWS writes some numbers as text. */
function writeInteger(row: RowWriter, column: number, members: JsonMembers, index: number): boolean {
  const value = integerOf(members, index)
  if (value === undefined) return false
  row.integer(column, value)
  return true
}

function integerOf(members: JsonMembers, index: number): number | bigint | undefined {
  if (members.isText(index)) {
    const digits = members.textBytes(index)
    return readInteger(digits.bytes, digits.start, digits.end)
  }
  if (!members.isNumber(index)) return undefined
  const exact = readInteger(members.bytes, members.start(index), members.end(index))
  if (exact !== undefined || members.isDoubtful(index)) return exact
  // JSON writes the same integer in other ways: 1e3, 1.0.
  const value = Number(members.written(index))
  return Number.isSafeInteger(value) ? value : undefined
}

function writeFloat(row: RowWriter, column: number, members: JsonMembers, index: number): boolean {
  if (!members.isNumber(index)) return false
  const value = readFloat(members.bytes, members.start(index), members.end(index))
  if (value === undefined || !Number.isFinite(value)) return false
  row.float(column, value)
  return true
}

function writeBoolean(row: RowWriter, column: number, members: JsonMembers, index: number): boolean {
  const value = members.isObject(index) || members.isList(index) ? '' : members.written(index)
  if (value !== 'true' && value !== 'false') return false
  row.boolean(column, value === 'true')
  return true
}

function writeJson(row: RowWriter, column: number, members: JsonMembers, index: number): boolean {
  if (!members.isObject(index) && !members.isList(index)) return false
  if (members.isDoubtful(index)) row.string(column, members.rewrittenValue(index))
  else row.text(column, members.bytes, members.start(index), members.end(index))
  return true
}

function writeTexts(row: RowWriter, column: number, members: JsonMembers, index: number): boolean {
  if (!members.isList(index)) return false
  const values: unknown = JSON.parse(members.written(index))
  if (!Array.isArray(values) || !values.every((element) => typeof element === 'string')) return false
  for (const element of values) row.string(column, element.toWellFormed())
  return true
}

function isoTime(members: JsonMembers, index: number): number | undefined {
  if (!members.isText(index)) return undefined
  const { bytes, start, end } = members.textBytes(index)
  return readIsoTime(bytes, start, end)
}

function epochIn(micros: number) {
  return (members: JsonMembers, index: number): number | undefined => {
    const count = integerOf(members, index)
    return typeof count === 'number' ? bounded(count * micros) : undefined
  }
}

const millis = epochIn(1000)
const timeIn: Readonly<Record<TimeUnit, (members: JsonMembers, index: number) => number | undefined>> = {
  iso: isoTime,
  seconds: epochIn(1_000_000),
  millis,
  micros: epochIn(1),
  millisOrIso: (members, index) => millis(members, index) ?? isoTime(members, index),
}
