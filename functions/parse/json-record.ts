import type { Column } from '../model/column.ts'
import type { Reject } from '../model/reject.ts'
import { firstScalar, isObject, type JsonObject, memberAt, parseJsonObject, toJson } from './json-document.ts'
import type { JsonField } from './json-fields.ts'
import type { LineParser, ParseResult, RowWriter } from './row-writer.ts'

/** What the records of a format are made of. */
export interface RecordShape {
  readonly fields: readonly JsonField[]
  /** Paths no record is without: so that other JSON is not taken for one. */
  readonly required: readonly string[]
}

/** The members that become columns: by name, a column with its number or the members below. */
type Members = ReadonlyMap<string, { readonly field: JsonField; readonly column: number } | Members>

/** Writes a record; what has no column, or does not fit it, goes to `rest` where it stood, with `around` beside it. */
export type RecordWriter = (record: JsonObject, row: RowWriter, around?: JsonObject) => ParseResult

/** A parser for records that are JSON objects, one a line. */
export function recordParser(shape: RecordShape, appFields: readonly string[]): LineParser {
  const write = recordWriter(shape, appFields)
  return (bytes, start, end, row) => {
    const record = parseJsonObject(bytes.toString('utf8', start, end))
    return record ? write(record, row) : notJson
  }
}

/** @param appFields columns, or paths into a record; the first that has a value is the row's app. */
export function recordWriter(shape: RecordShape, appFields: readonly string[]): RecordWriter {
  const members = membersOf(shape.fields, '')
  const appPaths = appFields.map(
    (name) => shape.fields.find(({ column }) => column.name === name)?.path ?? name,
  )
  return (record, row, around) => {
    const missing = shape.required.find((path) => (memberAt(record, path) ?? null) === null)
    if (missing !== undefined)
      return { errorClass: 'malformed', reason: `the record has no ${missing}: another format?` }
    const app = firstScalar(record, appPaths)
    if (app !== undefined) row.app(app)
    const left = writeMembers(record, members, row)
    if (left || around) row.rest(toJson({ ...around, ...left }))
    return undefined
  }
}

export const notJson: Reject = {
  errorClass: 'malformed',
  reason: 'the record is no JSON object, or nested too deep: cut off, or another format?',
}

export function columnsOf(fields: readonly JsonField[]): Column[] {
  return fields.map(({ column }) => column)
}

function membersOf(fields: readonly JsonField[], prefix: string): Members {
  const below = fields.filter(({ path }) => path.startsWith(prefix))
  const names = new Set(below.map(({ path }) => path.slice(prefix.length).split('.')[0] ?? ''))
  const member = (name: string) => {
    const column = fields.findIndex(({ path }) => path === prefix + name)
    const field = fields[column]
    return field ? { field, column } : membersOf(fields, `${prefix}${name}.`)
  }
  return new Map([...names].map((name) => [name, member(name)]))
}

/** Writes what has a column; gives what is left, if anything. A column that is null says nothing. */
function writeMembers(object: JsonObject, members: Members, row: RowWriter): JsonObject | undefined {
  let left: [string, unknown][] | undefined
  for (const name of Object.keys(object)) {
    const value = object[name]
    const member = members.get(name)
    let kept = value
    if (member && value === null) continue
    if (member && 'field' in member) {
      if (member.field.write(row, member.column, value)) continue
    } else if (member && isObject(value)) {
      kept = writeMembers(value, member, row)
      if (kept === undefined) continue
    }
    left ??= []
    left.push([name, kept])
  }
  return left && Object.fromEntries(left)
}
