import { type Reject, reject } from '../../model/reject.ts'
import type { RowWriter } from '../../model/row-writer.ts'
import { badField, type Field, isDash } from './fields.ts'

/** A field by its name in the log, and the first of its columns. */
interface Slot {
  readonly name: string
  readonly field: Field | undefined
  readonly column: number
}

/** Fields of one format, found by the column they become. */
export type FieldFinder = (name: string) => Slot

/**
 * @param columnName the column of a field by its name in the log. Names without a column are given their values in
 *   `rest`, under the name in the log.
 */
export function fieldFinder(fields: readonly Field[], columnName: (name: string) => string): FieldFinder {
  const known = new Map<string, { field: Field; column: number }>()
  let column = 0
  for (const field of fields) {
    known.set(field.columns[0]?.name ?? '', { field, column })
    column += field.columns.length
  }
  return (name) => ({ name, field: undefined, column: -1, ...known.get(columnName(name)) })
}

/** No format has nearly as many. */
const maxFields = 256

/**
 * A line of values between separators, named by what came before: in a header, in the configuration, or
 * by custom. Empty values and `-` are NULL. Values beyond the last name are kept, in order, as `extra_fields`.
 */
export class NamedFields {
  readonly #find: FieldFinder
  readonly #separator: number
  readonly #starts = new Int32Array(maxFields)
  readonly #ends = new Int32Array(maxFields)
  #slots: readonly Slot[] = []
  #positions = new Map<string, number>()
  #count = 0

  constructor(find: FieldFinder, separator: number) {
    this.#find = find
    this.#separator = separator
  }

  /** Names the values of the lines to come. */
  name(names: readonly string[]): void {
    this.#slots = names.map(this.#find)
    const columns = this.#slots.map(({ field, name }) => field?.columns[0]?.name ?? name)
    this.#positions = new Map(columns.map((column, position) => [column, position]))
  }

  get named(): number {
    return this.#slots.length
  }

  /** How many values the line has. */
  get count(): number {
    return this.#count
  }

  /** Finds the values of a line. */
  split(bytes: Buffer, start: number, end: number): Reject | undefined {
    this.#count = 0
    for (let at = start; at <= end; at++) {
      if (this.#count === maxFields)
        return reject('malformed', `more than ${maxFields} fields: another format?`)
      let to = at
      while (to < end && bytes[to] !== this.#separator) to++
      this.#starts[this.#count] = at
      this.#ends[this.#count++] = to
      at = to
    }
    return undefined
  }

  /** Where a column's value starts and ends; undefined when the line has none. */
  rangeOf(column: string, bytes: Buffer): { start: number; end: number } | undefined {
    const position = this.#positions.get(column)
    if (position === undefined || position >= this.#count) return undefined
    const [start, end] = [this.#starts[position] ?? 0, this.#ends[position] ?? 0]
    return start === end || isDash(bytes, start, end) ? undefined : { start, end }
  }

  /** The text of the first of these columns that has a value. */
  firstOf(columns: readonly string[], bytes: Buffer): string | undefined {
    for (const column of columns) {
      const at = this.rangeOf(column, bytes)
      if (at) return bytes.toString('utf8', at.start, at.end)
    }
    return undefined
  }

  /**
   * Writes the line's columns and its rest.
   * @param misfits where a value goes that does not fit its column's type: into `rest`, or with its line to the rejects.
   */
  write(row: RowWriter, bytes: Buffer, misfits: 'rest' | 'reject'): Reject | undefined {
    let rest: [string, unknown][] | undefined
    const named = Math.min(this.#count, this.#slots.length)
    for (let position = 0; position < named; position++) {
      const [from, to] = [this.#starts[position] ?? 0, this.#ends[position] ?? 0]
      if (from === to || isDash(bytes, from, to)) continue
      const { name, field, column } = this.#slots[position] as Slot
      if (field?.write(row, column, bytes, from, to)) continue
      if (field && misfits === 'reject') return badField(field, position)
      rest ??= []
      rest.push([name, bytes.toString('utf8', from, to)])
    }
    if (this.#count > named) {
      rest ??= []
      rest.push(['extra_fields', this.#texts(bytes, named)])
    }
    if (rest) row.rest(JSON.stringify(Object.fromEntries(rest)))
    return undefined
  }

  #texts(bytes: Buffer, from: number): string[] {
    return Array.from({ length: this.#count - from }, (_, index) =>
      bytes.toString('utf8', this.#starts[from + index], this.#ends[from + index]),
    )
  }
}
