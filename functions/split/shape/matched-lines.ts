import { LineLimit } from '../../model/line-limit.ts'
import type { Reject } from '../../model/reject.ts'
import type { LineParser, ParseResult } from '../../model/row-writer.ts'
import { UserError } from '../../model/user-error.ts'
import type { EncodingRow } from '../encode/encoding-row.ts'
import { ProtoWriter } from '../encode/proto-writer.ts'
import type { AppFinder } from './app-of.ts'
import type { LineShaper, ShapedLine } from './shaped-lines.ts'

/** A line that is a row but for its app. */
interface NamelessLine {
  readonly line: number
  readonly row: Buffer
  /** What its app is found by. */
  readonly reported: string | undefined
}

/** Lines encoded as they are read, their apps found by an expression of the source's under a time limit. */
export class MatchedLines implements LineShaper<NamelessLine> {
  readonly #row: EncodingRow
  readonly #parse: LineParser
  readonly #apps: AppFinder
  readonly #writer = new ProtoWriter()
  readonly #limit = new LineLimit('the expression of app.match', 'split')

  constructor(row: EncodingRow, parse: LineParser, apps: AppFinder) {
    this.#row = row
    this.#parse = parse
    this.#apps = apps
  }

  read(
    bytes: Buffer,
    start: number,
    end: number,
    line: number,
  ): NamelessLine | Exclude<ParseResult, undefined> {
    this.#row.begin()
    const fault = this.#parse(bytes, start, end, this.#row)
    if (fault) return fault
    const reported = this.#row.reportedApp
    return { line, row: this.#row.finish(undefined, line), reported }
  }

  shape(lines: readonly NamelessLine[]): (ShapedLine | Reject)[] {
    const apps = this.#limit.each(lines, ({ reported }) => this.#find(reported))
    return lines.map(({ row }, index) => {
      const app = apps[index] as string | Reject
      return typeof app === 'string' ? this.#named(row, app) : app
    })
  }

  #find(reported: string | undefined): string | Reject {
    try {
      return this.#apps.find(reported)
    } catch (error) {
      if (error instanceof UserError) return { errorClass: 'user_error', reason: error.message }
      throw error
    }
  }

  #named(row: Buffer, app: string): ShapedLine {
    this.#writer.raw(row)
    this.#writer.string(1, app)
    return { rows: [{ app, row: this.#writer.take() }], misfits: 0, discarded: 0 }
  }
}
