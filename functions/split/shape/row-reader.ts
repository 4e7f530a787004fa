import type { Column } from '../../model/column.ts'
import type { RowWriter } from '../../model/row-writer.ts'
import { parseJsonObject } from '../../parse/json/json-document.ts'
import type { EventTimeRange } from '../encode/event-time-range.ts'
import { isoMicros } from './iso-micros.ts'

/** Gathers what a parser reports of a line as a plain object, for functions to read: see LogRow. */
export class RowReader implements RowWriter {
  readonly #columns: readonly Column[]
  readonly #range: EventTimeRange
  #row: Record<string, unknown> = {}
  #reportedApp: string | undefined

  /** @param columns those of the format. */
  constructor(columns: readonly Column[], range: EventTimeRange) {
    this.#columns = columns
    this.#range = range
  }

  /** Begins a row, forgetting one that was begun. */
  begin(): void {
    this.#row = { rest: {} }
    this.#reportedApp = undefined
  }

  /** What the parser reported as the app. */
  get reportedApp(): string | undefined {
    return this.#reportedApp
  }

  /** The row that was begun; it is the caller's from now on. */
  get row(): Record<string, unknown> {
    return this.#row
  }

  text(column: number, bytes: Buffer, start: number, end: number): void {
    this.string(column, bytes.toString('utf8', start, end))
  }

  string(column: number, value: string): void {
    const json = this.#columns[column]?.type === 'JSON'
    this.#set(column, json ? parseJson(value) : value)
  }

  integer(column: number, value: number | bigint): void {
    this.#set(column, value)
  }

  float(column: number, value: number): void {
    this.#set(column, value)
  }

  boolean(column: number, value: boolean): void {
    this.#set(column, value)
  }

  timestamp(column: number, micros: number): void {
    this.#set(column, isoMicros(micros))
  }

  eventTime(micros: number): boolean {
    if (!this.#range.takes(micros)) return false
    this.#row['event_time'] = isoMicros(micros)
    return true
  }

  app(value: string): void {
    this.#reportedApp = value
  }

  rest(json: string): void {
    // Nested too deep to be read again: kept as its text.
    this.#row['rest'] = parseJsonObject(json) ?? { rest: json }
  }

  restText(bytes: Buffer, start: number, end: number): void {
    this.rest(bytes.toString('utf8', start, end))
  }

  #set(index: number, value: unknown): void {
    const column = this.#columns[index]
    if (!column) return
    const list = this.#row[column.name]
    if (column.mode !== 'REPEATED') this.#row[column.name] = value
    else if (Array.isArray(list)) list.push(value)
    else this.#row[column.name] = [value]
  }
}

/** Any JSON value, no digit lost; as its text when nested too deep. */
function parseJson(text: string): unknown {
  const wrapped = parseJsonObject(`{"value":${text}}`)
  return wrapped ? wrapped['value'] : text
}
