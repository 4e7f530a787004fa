/**
 * Lines as their source shapes them, in this order: parsed, declared columns filled, redacted, their app found,
 * filtered, mapped, checked against the table and encoded. Redaction comes first so that no function, and hence no
 * error message of one, sees what it takes away.
 *
 * Rows that no function touches do not come here: see EncodingRow, which is several times faster.
 */

import { declaredColumns } from '../../config/declared-columns.ts'
import type { LogRow } from '../../config/log-row.ts'
import { redactedPlaces } from '../../config/redacted-places.ts'
import type { Source } from '../../config/schema.ts'
import type { Column } from '../../model/column.ts'
import { messageOf } from '../../model/failure.ts'
import { LineLimit } from '../../model/line-limit.ts'
import { type Reject, reject } from '../../model/reject.ts'
import type { LineParser, Skipped } from '../../model/row-writer.ts'
import { UserError } from '../../model/user-error.ts'
import { formats } from '../../parse/formats.ts'
import { isObject } from '../../parse/json/json-document.ts'
import type { RowOrigin } from '../encode/encoding-row.ts'
import { EventTimeRange } from '../encode/event-time-range.ts'
import { MappedRowEncoder } from '../encode/mapped-row-encoder.ts'
import type { LearnedColumns } from '../tables/learned-columns.ts'
import type { LogSource } from '../tables/log-source.ts'
import type { AppFinder } from './app-of.ts'
import { liftDeclared } from './declared-fields.ts'
import { Redactor } from './redact.ts'
import { RowReader } from './row-reader.ts'
import { applyFunctions, type UserFunctions } from './user-functions.ts'

/** A line that was read and waits to be shaped. */
export interface ReadLine {
  readonly kind: 'read'
  readonly line: number
}

/** Reads lines one at a time, and makes rows of them many at a time: so a time limit is cheap. */
export interface LineShaper<Read extends ReadLine> {
  /** Reads a line. Gives the reason when there is nothing to shape. */
  readonly readLine: (bytes: Buffer, start: number, end: number, line: number) => Read | Skipped | Reject
  /**
   * What lines become, in their order.
   * @throws Failure when the source's own code had to be cut off too often.
   */
  readonly shape: (lines: readonly Read[]) => (ShapedLine | Reject)[]
}

/** A line that was read and waits for its functions. */
interface ReadRow extends ReadLine {
  /** All but its app. */
  readonly row: Readonly<Record<string, unknown>>
  /** What its app is found by. */
  readonly reported: string | undefined
  /** Values that did not fit their declared column. */
  readonly misfits: number
}

/** What a line became. No rows: it was filtered. */
export interface ShapedLine {
  readonly kind: 'shaped'
  readonly rows: readonly { readonly app: string; readonly row: Buffer; readonly hasTime: boolean }[]
  readonly misfits: number
  readonly discarded: number
}

/** Whether a source's rows pass through here. */
export function isShaped(source: Source): boolean {
  const { app, columns, contract, filter, map, redact } = source
  return (
    typeof app === 'function' || [columns, contract, filter, map, redact].some((part) => part !== undefined)
  )
}

export interface ShapedLinesParts {
  readonly source: LogSource
  /** Those of the log table. */
  readonly columns: readonly Column[]
  /** Where the source learns columns, if it does. */
  readonly learned: LearnedColumns | undefined
  readonly origin: RowOrigin
  readonly parse: LineParser
  readonly apps: AppFinder
  /** Key of the hashes that redaction makes. */
  readonly hashKey: string | undefined
}

export class ShapedLines implements LineShaper<ReadRow> {
  readonly #parse: LineParser
  readonly #apps: AppFinder
  readonly #reader: RowReader
  readonly #declared: readonly Column[]
  readonly #redactor: Redactor
  readonly #functions: UserFunctions
  readonly #defaultApp: string
  readonly #encoder: MappedRowEncoder
  readonly #limit = new LineLimit('a function of the source, or an expression for its app,', 'split')

  constructor({ source, columns, learned, origin, parse, apps, hashKey }: ShapedLinesParts) {
    const range = new EventTimeRange(origin.loadedAt)
    const { filter, map, defaultApp } = source
    this.#parse = parse
    this.#apps = apps
    this.#reader = new RowReader(formats[source.format].columns, range)
    this.#declared = declaredColumns(source.columns)
    this.#redactor = new Redactor(redactedPlaces(source.redact ?? {}, formats[source.format]), hashKey)
    this.#functions = { app: typeof source.app === 'function' ? source.app : undefined, filter, map }
    this.#defaultApp = defaultApp
    const discard = source.contract === 'discard'
    this.#encoder = new MappedRowEncoder({ columns, learned, origin, range, discard })
  }

  readLine(bytes: Buffer, start: number, end: number, line: number): ReadRow | Skipped | Reject {
    this.#reader.begin()
    const result = this.#parse(bytes, start, end, this.#reader)
    if (result.kind !== 'row') return result
    const { row } = this.#reader
    const reported = this.#apps.column === undefined ? this.#reader.reportedApp : row[this.#apps.column]
    const misfits = liftDeclared(row, this.#declared)
    this.#redactor.redact(row)
    return {
      kind: 'read',
      line,
      row,
      reported: reported === undefined ? undefined : String(reported),
      misfits,
    }
  }

  shape(lines: readonly ReadRow[]): (ShapedLine | Reject)[] {
    return this.#limit.each(lines, (line) => this.#shape(line))
  }

  #shape({ line, row: read, reported, misfits }: ReadRow): ShapedLine | Reject {
    try {
      const rest = isObject(read['rest']) ? read['rest'] : {}
      const row: LogRow = { ...read, app: this.#apps.nameOf(reported), rest }
      const rows = applyFunctions(this.#functions, row, this.#defaultApp)
      const encoded = rows.map(({ app, row: mapped }) => ({
        app,
        ...this.#encoder.encode(app, mapped, line),
      }))
      return {
        kind: 'shaped',
        rows: encoded,
        misfits: encoded.reduce((sum, one) => sum + one.misfits, encoded.length > 0 ? misfits : 0),
        discarded: encoded.reduce((sum, one) => sum + one.discarded, 0),
      }
    } catch (error) {
      const reason =
        error instanceof UserError ? error.message : `the row cannot be written: ${messageOf(error)}`
      return reject('user_error', reason)
    }
  }
}
