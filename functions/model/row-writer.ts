import type { SkipReason } from './outcome.ts'
import type { Reject } from './reject.ts'

/**
 * What a parser fills, one row at a time.
 *
 * Columns are numbered as in the format's list. A column that is not given is NULL; a REPEATED column is given
 * once an element. Bytes are valid UTF-8 and may be reused after the call: take a copy.
 */
export interface RowWriter {
  text(column: number, bytes: Buffer, start: number, end: number): void
  string(column: number, value: string): void
  integer(column: number, value: number | bigint): void
  float(column: number, value: number): void
  boolean(column: number, value: boolean): void
  /** Microseconds since 1970. */
  timestamp(column: number, micros: number): void
  /**
   * The time of the event, in microseconds since 1970: it decides the row's partition.
   * False when no partition takes it: then the row has no time, and the parser keeps it elsewhere.
   */
  eventTime(micros: number): boolean
  /** The app as the line names it, before the source's rule is applied. */
  app(value: string): void
  /** Everything that has no column, as the text of a JSON object. */
  rest(json: string): void
  /** The same, as text that stands in `bytes[start, end)`. */
  restText(bytes: Buffer, start: number, end: number): void
}

/** A valid line that becomes no row. */
export interface Skipped<Reason = SkipReason> {
  readonly kind: 'skipped'
  readonly reason: Reason
}

/** What became of a line: it is in the row, there is nothing to load, or it cannot be a row. */
export type ParseResult = { readonly kind: 'row' } | Skipped | Reject

/** The line is in the row. One for all lines: there are many. */
export const inRow: ParseResult = { kind: 'row' }

export function skipped<Reason>(reason: Reason): Skipped<Reason> {
  return { kind: 'skipped', reason }
}

/**
 * Reads `bytes[start, end)`, one line without its end, into a row. Throws nothing but a Failure of the object.
 * A parser belongs to one object and gets its lines in order: it may remember a header.
 */
export interface LineParser {
  (bytes: Buffer, start: number, end: number, row: RowWriter): ParseResult
  /**
   * Sees a block of lines before it gets them one by one, for work that is cheaper on many at once.
   * @param first number of the block's first line.
   */
  lookAhead?(bytes: Buffer, first: number): void
}
