import type { Column } from '../../model/column.ts'
import type { RowWriter } from '../../model/row-writer.ts'
import { leadingColumns } from '../../model/standard-columns.ts'
import { RecentTexts } from '../../parse/text/recent-texts.ts'
import { EventTimeRange } from './event-time-range.ts'
import { ProtoWriter } from './proto-writer.ts'

/** Where the row came from: the same for every row of an object, but for the line. */
export interface RowOrigin {
  readonly uri: string
  readonly etag: string
  /** Microseconds since 1970. */
  readonly loadedAt: number
}

/**
 * Encodes what a parser reports straight into the protobuf row of a log table, with no object in between.
 * Fields may come in any order: protobuf does not mind.
 */
export class EncodingRow implements RowWriter {
  readonly #writer = new ProtoWriter()
  readonly #origin: Buffer
  readonly #restField: number
  readonly #lineField: number
  readonly #range: EventTimeRange
  readonly #appColumn: number
  readonly #apps = new RecentTexts()
  #reportedApp: string | undefined
  #hasTime = false

  /**
   * @param columns those of the log table.
   * @param appColumn the column whose value is reported as the app, when the parser does not report one.
   */
  constructor(columns: readonly Column[], origin: RowOrigin, appColumn = -1) {
    const field = (name: string) => columns.findIndex((column) => column.name === name) + 1
    this.#restField = field('rest')
    this.#lineField = field('source_line')
    this.#range = new EventTimeRange(origin.loadedAt)
    this.#appColumn = appColumn
    this.#writer.string(field('source_uri'), origin.uri)
    this.#writer.string(field('source_etag'), origin.etag)
    this.#writer.int64(field('loaded_at'), origin.loadedAt)
    this.#origin = this.#writer.endMessage()
  }

  /** Begins a row, forgetting one that was begun. */
  begin(): void {
    this.#writer.rewind()
    this.#reportedApp = undefined
    this.#hasTime = false
  }

  /** What the parser reported as the app. */
  get reportedApp(): string | undefined {
    return this.#reportedApp
  }

  /** Whether the row has an event_time. */
  get hasTime(): boolean {
    return this.#hasTime
  }

  /** The finished row, without its app if that is found later. */
  finish(app: string | undefined, line: number): Buffer {
    if (app !== undefined) this.#writer.string(1, app)
    this.#writer.int64(this.#lineField, line)
    this.#writer.raw(this.#origin)
    return this.#writer.endMessage()
  }

  text(column: number, bytes: Buffer, start: number, end: number): void {
    this.#writer.bytes(column + leadingColumns + 1, bytes, start, end)
    if (column === this.#appColumn) this.#reportedApp = this.#apps.text(bytes, start, end)
  }

  string(column: number, value: string): void {
    this.#writer.string(column + leadingColumns + 1, value)
    if (column === this.#appColumn) this.#reportedApp = value
  }

  integer(column: number, value: number | bigint): void {
    this.#writer.int64(column + leadingColumns + 1, value)
    if (column === this.#appColumn) this.#reportedApp = String(value)
  }

  float(column: number, value: number): void {
    this.#writer.double(column + leadingColumns + 1, value)
  }

  boolean(column: number, value: boolean): void {
    this.#writer.bool(column + leadingColumns + 1, value)
  }

  timestamp(column: number, micros: number): void {
    this.#writer.int64(column + leadingColumns + 1, micros)
  }

  eventTime(micros: number): boolean {
    if (!this.#range.takes(micros)) return false
    this.#writer.int64(2, micros)
    this.#hasTime = true
    return true
  }

  app(value: string): void {
    this.#reportedApp = value
  }

  rest(json: string): void {
    this.#writer.string(this.#restField, json)
  }

  restText(bytes: Buffer, start: number, end: number): void {
    this.#writer.bytes(this.#restField, bytes, start, end)
  }
}
