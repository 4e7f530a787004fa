import type { Column } from '../../model/column.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser } from '../../model/row-writer.ts'
import { isDash } from './fields.ts'
import { type LogTemplate, type LogVariable, placesOf } from './log-template.ts'
import { findValues } from './template-values.ts'

/**
 * A parser for lines that a server writes by a template. A value in quotes ends at the first quote without a backslash
 * before it. Any other ends at the text behind it, and has neither that nor the text before it within; nor a space, if
 * spaces alone stand between values. So a line whose values hold what stands between them is a reject, as is all else
 * that does not fit.
 *
 * A column takes the first variable that has it. What has none is in `rest` by its name, but for `-` and nothing.
 * @param columns those of the format.
 * @param appFields columns, or names in `rest`; the first that has a value is the row's app.
 */
export function templateParser(
  template: LogTemplate,
  columns: readonly Column[],
  appFields: readonly string[],
): LineParser {
  const slots = slotsOf(template, columns)
  const places = placesOf(template)
  const appSlots = appFields.map((name) => slots.findIndex((slot) => nameOf(slot) === name))
  const starts = new Int32Array(slots.length)
  const ends = new Int32Array(slots.length)

  return (bytes, start, end, row) => {
    const fault = findValues(places, bytes, start, end, starts, ends)
    if (fault) return fault
    const rest: [string, string][] = []
    for (let index = 0; index < slots.length; index++) {
      const { variable, name, column } = slots[index] as Slot
      const [from, to] = [starts[index] ?? 0, ends[index] ?? 0]
      if (from === to || isDash(bytes, from, to)) continue
      if (column < 0) rest.push([name, bytes.toString('utf8', from, to)])
      else if (!variable.field?.write(row, column, bytes, from, to)) {
        const expected = variable.field?.expects ?? columns[column]?.type
        return reject('bad_value', `byte ${from - start + 1}: ${variable.written} is no ${expected}`)
      }
    }
    for (const index of appSlots) {
      const [from, to] = [starts[index] ?? 0, ends[index] ?? 0]
      if (index < 0 || from === to || isDash(bytes, from, to)) continue
      row.app(bytes.toString('utf8', from, to))
      break
    }
    if (rest.length > 0) row.rest(JSON.stringify(Object.fromEntries(rest)))
    return inRow
  }
}

/** Where a value goes. */
interface Slot {
  readonly variable: LogVariable
  /** In `rest`, where it is the only one of its name. */
  readonly name: string
  /** -1 when it has none, or another variable before it has taken it. */
  readonly column: number
}

function slotsOf(template: LogTemplate, columns: readonly Column[]): Slot[] {
  const taken = new Set<string>()
  const names = new Map<string, number>()
  return template.flatMap((part) => {
    if (typeof part === 'string') return []
    const own = part.field?.columns.map(({ name }) => name) ?? []
    if (own.length > 0 && !own.some((name) => taken.has(name))) {
      for (const name of own) taken.add(name)
      return { variable: part, name: part.name, column: columns.findIndex(({ name }) => name === own[0]) }
    }
    const count = (names.get(part.name) ?? 0) + 1
    names.set(part.name, count)
    return { variable: part, name: count > 1 ? `${part.name}_${count}` : part.name, column: -1 }
  })
}

/** By its column, if it has one. */
function nameOf({ variable, name, column }: Slot): string {
  return column < 0 ? name : (variable.field?.columns[0]?.name ?? name)
}
