import type { Column } from '../../model/column.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser } from '../../model/row-writer.ts'
import { FieldSplitter } from './field-splitter.ts'
import { badField, type Field, type FieldSpan, isDash } from './fields.ts'

/** Differences from a load balancer's lines. */
export interface DelimitedOptions {
  /** The format's columns, where they are more than those of the fields in order. Those of a field stand together. */
  readonly columns?: readonly Column[]
  /** Of fields that have none of their own, known or not: for quotes that are written in another way. */
  readonly span?: FieldSpan
  /** What stands behind the fields, where lines differ in it. */
  readonly tail?: LineTail
}

/** Fields behind those that all lines have. Which of them a line has, its values say. */
export interface LineTail {
  readonly variants: readonly (readonly Field[])[]
  /** The variant of a line, by its values from the `first` on. What is behind those of a variant is kept as extra. */
  choose(bytes: Buffer, starts: Int32Array, ends: Int32Array, first: number, count: number): number
}

/**
 * A parser for lines of fields between single spaces, in double quotes where they hold spaces. One field is a time, and
 * every line has it: so text with enough spaces is not taken for a line.
 *
 * @param fields in the order they stand in the line.
 * @param required how many of them the oldest lines have; later ones may be absent.
 * @param appFields column names; the first that has a value is the row's app.
 */
export function delimitedParser(
  fields: readonly Field[],
  required: number,
  appFields: readonly string[],
  { columns = columnsOf(fields), span, tail }: DelimitedOptions = {},
): LineParser {
  const variants = tail?.variants ?? [[]]
  const layouts = variants.map((behind) => layoutOf([...fields, ...behind], columns, appFields))
  const timePosition = fields.findIndex((field) => field.columns[0]?.type === 'TIMESTAMP')
  const split = new FieldSplitter(fields, span)
  const { starts, ends } = split

  return (bytes, start, end, row) => {
    const fault = split.line(bytes, start, end)
    if (fault) return fault
    const { count } = split
    if (count < required) {
      return reject('malformed', `${count} fields where at least ${required} are expected: cut off?`)
    }
    const [timeStart, timeEnd] = [starts[timePosition] ?? 0, ends[timePosition] ?? 0]
    if (timeStart === timeEnd || isDash(bytes, timeStart, timeEnd))
      return reject('malformed', `field ${timePosition + 1} has no time: another format?`)
    const layout = layouts[tail?.choose(bytes, starts, ends, fields.length, count) ?? 0] as Layout
    const known = layout.fields.length
    for (let index = 0; index < count && index < known; index++) {
      const field = layout.fields[index] as Field
      const [from, to] = [starts[index] ?? 0, ends[index] ?? 0]
      if (from === to || isDash(bytes, from, to)) continue
      if (!field.write(row, layout.firstColumns[index] ?? 0, bytes, from, to)) return badField(field, index)
    }
    for (const position of layout.appPositions) {
      const [from, to] = [starts[position] ?? 0, ends[position] ?? 0]
      if (position < 0 || position >= count || from === to || isDash(bytes, from, to)) continue
      row.app(bytes.toString('utf8', from, to))
      break
    }
    if (count > known) row.rest(extraFields(bytes, starts, ends, known, count))
    return inRow
  }
}

/** The fields of a line, with the first column of each and the places an app may be in. */
interface Layout {
  readonly fields: readonly Field[]
  readonly firstColumns: readonly number[]
  readonly appPositions: readonly number[]
}

function layoutOf(
  fields: readonly Field[],
  columns: readonly Column[],
  appFields: readonly string[],
): Layout {
  const names = fields.map((field) => field.columns[0]?.name)
  return {
    fields,
    firstColumns: names.map((name) => columns.findIndex((column) => column.name === name)),
    appPositions: appFields.map((name) => names.indexOf(name)),
  }
}

/** The columns of a list of fields, in order. */
export function columnsOf(fields: readonly Field[]): Column[] {
  return fields.flatMap((field) => field.columns)
}

/** Fields newer than this code are kept, in order, as `{"extra_fields": [...]}`. */
function extraFields(
  bytes: Buffer,
  starts: Int32Array,
  ends: Int32Array,
  from: number,
  count: number,
): string {
  const extra = Array.from({ length: count - from }, (_, index) =>
    bytes.toString('utf8', starts[from + index], ends[from + index]),
  )
  return JSON.stringify({ extra_fields: extra })
}
