/**
 * Lines as their source shapes them, in this order: parsed, declared columns filled, redacted, their app found,
 * filtered, mapped, checked against the table and encoded. Redaction comes first so that no function, and hence no
 * error message of one, sees what it takes away.
 *
 * Rows that no function touches do not come here: see EncodingRow, which is several times faster.
 */
import type { Source } from '../config/schema.ts'
import type { Column } from '../model/column.ts'
import { Failure, messageOf } from '../model/failure.ts'
import type { Reject } from '../model/reject.ts'
import { formats } from '../parse/formats.ts'
import { isObject } from '../parse/json-document.ts'
import type { LineParser, ParseResult } from '../parse/row-writer.ts'
import type { AppFinder } from '../split/app-of.ts'
import type { RowOrigin } from '../split/encoding-row.ts'
import { EventTimeRange } from '../split/event-time-range.ts'
import type { ColumnMemory } from './column-memory.ts'
import { declaredColumns, liftDeclared } from './declared-fields.ts'
import type { LogRow } from './log-row.ts'
import { MappedRowEncoder } from './mapped-row-encoder.ts'
import { Redactor } from './redact.ts'
import { RowReader } from './row-reader.ts'
import { withinTime } from './time-limit.ts'
import { applyFunctions, UserError, type UserFunctions } from './user-functions.ts'

/** A line that was read and waits for its functions. */
export interface ReadLine {
  readonly line: number
  readonly row: LogRow
  /** Values that did not fit their declared column. */
  readonly misfits: number
}

/** What a line became. No rows: it was filtered. */
export interface ShapedLine {
  readonly rows: readonly { readonly app: string; readonly row: Buffer }[]
  readonly misfits: number
  readonly discarded: number
}

/** The longest a source's functions may take over one line, in milliseconds: far beyond any pause of the machine. */
const lineMillis = 1000
/** After so many lines that were cut off the object is given up: each holds up everything else for a second. */
const mostCutOff = 5

/** Whether a source's rows pass through here. */
export function isShaped(source: Source): boolean {
  const { app, columns, contract, filter, map, redact } = source
  return (
    typeof app === 'function' || [columns, contract, filter, map, redact].some((part) => part !== undefined)
  )
}

export interface ShapedLinesParts {
  readonly source: Source
  /** Those of the log table. */
  readonly columns: readonly Column[]
  /** Where the source learns columns, if it does. */
  readonly memory: ColumnMemory | undefined
  readonly origin: RowOrigin
  readonly parse: LineParser
  readonly apps: AppFinder
  /** Key of the hashes that redaction makes. */
  readonly hashKey: string | undefined
}

export class ShapedLines {
  readonly #parse: LineParser
  readonly #apps: AppFinder
  readonly #reader: RowReader
  readonly #declared: readonly Column[]
  readonly #redactor: Redactor
  readonly #functions: UserFunctions
  readonly #defaultApp: string
  readonly #encoder: MappedRowEncoder
  #cutOff = 0

  constructor({ source, columns, memory, origin, parse, apps, hashKey }: ShapedLinesParts) {
    const range = new EventTimeRange(origin.loadedAt)
    const { filter, map, defaultApp } = source
    this.#parse = parse
    this.#apps = apps
    this.#reader = new RowReader(formats[source.format].columns, range)
    this.#declared = declaredColumns(source.columns)
    this.#redactor = new Redactor(source.redact ?? {}, hashKey)
    this.#functions = { app: typeof source.app === 'function' ? source.app : undefined, filter, map }
    this.#defaultApp = defaultApp
    const discard = source.contract === 'discard'
    this.#encoder = new MappedRowEncoder({ columns, memory, origin, range, discard })
  }

  /** Reads a line; why there is nothing to shape, if so. */
  read(bytes: Buffer, start: number, end: number, line: number): ReadLine | Exclude<ParseResult, undefined> {
    this.#reader.begin()
    const fault = this.#parse(bytes, start, end, this.#reader)
    if (fault) return fault
    const { row } = this.#reader
    const reported = this.#apps.column === undefined ? this.#reader.reportedApp : row[this.#apps.column]
    const misfits = liftDeclared(row, this.#declared)
    this.#redactor.redact(row)
    const app = this.#apps.find(reported === undefined ? undefined : String(reported))
    const rest = isObject(row['rest']) ? row['rest'] : {}
    return { line, row: Object.assign(row, { app, rest }), misfits }
  }

  /**
   * What lines become, in their order.
   * @throws Failure when the source's functions had to be cut off too often.
   */
  shape(lines: readonly ReadLine[]): (ShapedLine | Reject)[] {
    const shaped: (ShapedLine | Reject)[] = []
    const shapeOn = () => {
      for (const line of lines.slice(shaped.length)) shaped.push(this.#shape(line))
    }
    while (shaped.length < lines.length) {
      if (withinTime(lineMillis, shapeOn)) break
      // The line under way may have met the end of the others' time: it gets a time of its own.
      const culprit = lines[shaped.length]
      if (culprit) shaped.push(this.#shapeAlone(culprit))
    }
    return shaped
  }

  #shapeAlone(line: ReadLine): ShapedLine | Reject {
    let shaped: ShapedLine | Reject | undefined
    withinTime(lineMillis, () => {
      shaped = this.#shape(line)
    })
    if (shaped) return shaped
    this.#cutOff += 1
    const what = `a function of the source did not return within ${lineMillis} ms and was cut off`
    if (this.#cutOff < mostCutOff) return { errorClass: 'user_error', reason: what }
    const where = `on ${this.#cutOff} lines, the last of them line ${line.line}`
    throw new Failure('object', 'split', 'functions_stuck', `${what} ${where}: mend it and replay the object`)
  }

  #shape({ line, row, misfits }: ReadLine): ShapedLine | Reject {
    try {
      const rows = applyFunctions(this.#functions, row, this.#defaultApp)
      const encoded = rows.map(({ app, row: mapped }) => ({
        app,
        ...this.#encoder.encode(app, mapped, line),
      }))
      return {
        rows: encoded,
        misfits: encoded.reduce((sum, one) => sum + one.misfits, encoded.length > 0 ? misfits : 0),
        discarded: encoded.reduce((sum, one) => sum + one.discarded, 0),
      }
    } catch (error) {
      const reason =
        error instanceof UserError ? error.message : `the row cannot be written: ${messageOf(error)}`
      return { errorClass: 'user_error', reason }
    }
  }
}
