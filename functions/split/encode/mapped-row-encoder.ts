import type { MappedRow } from '../../config/log-row.ts'
import type { Cell, Column } from '../../model/column.ts'
import { UserError } from '../../model/user-error.ts'
import { isObject, type JsonObject, toJson } from '../../parse/json/json-document.ts'
import { cellFor } from '../tables/cell-for.ts'
import type { LearnedColumns } from '../tables/learned-columns.ts'
import { encodeRow } from './encode-row.ts'
import type { RowOrigin } from './encoding-row.ts'
import type { EventTimeRange } from './event-time-range.ts'
import { ProtoWriter } from './proto-writer.ts'

/** A row ready to send, and how many of its values found no column. */
export interface EncodedRow {
  readonly row: Buffer
  /** Whether it has an event_time. */
  readonly hasTime: boolean
  /** Values that did not fit their column and are in `rest` instead. */
  readonly misfits: number
  /** Fields that have no column and were dropped. */
  readonly discarded: number
}

export interface EncoderParts {
  /** Those of the log table. */
  readonly columns: readonly Column[]
  /** Where the source learns more of them, if it does. */
  readonly learned: LearnedColumns | undefined
  readonly origin: RowOrigin
  readonly range: EventTimeRange
  /** Whether fields without a column are dropped. */
  readonly discard: boolean
}

/** A name and its value. Any name is possible, `__proto__` too. */
type Field = readonly [string, unknown]

/** Columns that functions must not fill. A value of theirs under such a name goes to `rest`. */
const ownColumns = new Set(['rest', 'source_uri', 'source_etag', 'source_line', 'loaded_at'])

/** Checks rows against the columns of their table, and encodes them. */
export class MappedRowEncoder {
  readonly #parts: EncoderParts
  readonly #columns: ReadonlyMap<string, Column>
  readonly #writer = new ProtoWriter()

  constructor(parts: EncoderParts) {
    this.#parts = parts
    const fillable = parts.columns.filter(({ name }) => !ownColumns.has(name))
    this.#columns = new Map(fillable.map((column) => [column.name, column]))
  }

  /**
   * Throws when there is something in the row that cannot be written as JSON.
   * @throws UserError when two values would be in `rest` under one name.
   */
  encode(app: string, row: MappedRow, line: number): EncodedRow {
    const { columns, learned, origin, discard } = this.#parts
    const cells: Record<string, Cell> = {
      app,
      source_uri: origin.uri,
      source_etag: origin.etag,
      source_line: line,
      loaded_at: origin.loadedAt,
    }
    const misfits: Field[] = []
    const inRest = isObject(row['rest']) ? row['rest'] : undefined
    const others = new Map(Object.entries(inRest ?? {}))
    for (const [name, value] of Object.entries(row)) {
      const isRest = name === 'rest' && inRest !== undefined
      if (isRest || name === 'app' || value === null || value === undefined) continue
      const column = this.#columns.get(name)
      const cell = column && this.#cell(column, value)
      if (cell !== undefined) cells[name] = cell
      else if (others.has(name) && !Object.is(others.get(name), value)) throw givenTwice(name)
      else if (column) misfits.push([name, value])
      else others.set(name, value)
    }
    const fields = [...others]
    const lifted = this.#lift(fields, cells)
    // A field here that has a column did not fit it.
    const kept = discard ? fields.filter(([name]) => this.#columns.has(name)) : lifted.left
    const rest = [...kept, ...misfits].map(withoutBigint)
    if (rest.length > 0) cells['rest'] = toJson(Object.fromEntries(rest))
    return {
      row: encodeRow(this.#writer, learned?.layout.columns ?? columns, cells),
      hasTime: cells['event_time'] !== undefined,
      misfits: misfits.length + lifted.misfits,
      discarded: discard ? fields.length - kept.length : 0,
    }
  }

  /** Moves fields into learned columns, those of FireLens's `log` first; what does not fit is left where it stood. */
  #lift(fields: readonly Field[], cells: Record<string, Cell>): { left: readonly Field[]; misfits: number } {
    const { learned } = this.#parts
    if (!learned) return { left: fields, misfits: 0 }
    let misfits = 0
    const lift = ([name, value]: Field): boolean => {
      const column = learned.columnFor(name, value)
      if (!column || Object.hasOwn(cells, name)) return false
      const cell = value === null ? null : cellFor(column, value)
      if (cell === undefined) misfits += 1
      else cells[name] = cell
      return cell !== undefined
    }
    const log = fields.find(
      (field): field is [string, JsonObject] => field[0] === 'log' && isObject(field[1]),
    )
    const inner = Object.entries(log?.[1] ?? {}).filter((field) => !lift(field))
    const outer = fields.filter((field) => field !== log && !lift(field))
    return { left: inner.length > 0 ? [['log', Object.fromEntries(inner)], ...outer] : outer, misfits }
  }

  #cell(column: Column, value: unknown): Cell {
    const cell = cellFor(column, value)
    if (column.name !== 'event_time' || typeof cell !== 'number') return cell
    return this.#parts.range.takes(cell) ? cell : undefined
  }
}

/** Only the source knows which of two values `rest` should have under a name. Neither may be lost silently. */
function givenTwice(name: string): UserError {
  return new UserError(
    `map gave ${name} twice, beside rest and within it, and no column takes it: give it once, ` +
      `such as { ...row, rest: { ...row.rest, ${name} } }`,
  )
}

/** JSON knows the digits, but not the type. */
function withoutBigint([name, value]: Field): Field {
  return [name, typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value]
}
