import { LineLimit } from '../../model/line-limit.ts'
import { type Reject, reject } from '../../model/reject.ts'
import type { LineParser, Skipped } from '../../model/row-writer.ts'
import { UserError } from '../../model/user-error.ts'
import type { EncodingRow } from '../encode/encoding-row.ts'
import { ProtoWriter } from '../encode/proto-writer.ts'
import type { AppFinder } from './app-of.ts'
import type { LineShaper, ReadLine, ShapedLine } from './shaped-lines.ts'

/** A line that is a row but for its app. */
interface NamelessLine extends ReadLine {
  readonly row: Buffer
  readonly hasTime: boolean
  /** What its app is found by. */
  readonly reported: string | undefined
}

interface FoundApp {
  readonly kind: 'app'
  readonly name: string
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

  readLine(bytes: Buffer, start: number, end: number, line: number): NamelessLine | Skipped | Reject {
    this.#row.begin()
    const result = this.#parse(bytes, start, end, this.#row)
    if (result.kind !== 'row') return result
    const { reportedApp: reported, hasTime } = this.#row
    return { kind: 'read', line, row: this.#row.finish(undefined, line), hasTime, reported }
  }

  shape(lines: readonly NamelessLine[]): (ShapedLine | Reject)[] {
    const found = this.#limit.each(lines, ({ reported }) => this.#find(reported))
    return lines.map((line, index) => {
      const app = found[index] as FoundApp | Reject
      return app.kind === 'app' ? this.#named(line, app.name) : app
    })
  }

  #find(reported: string | undefined): FoundApp | Reject {
    try {
      return { kind: 'app', name: this.#apps.nameOf(reported) }
    } catch (error) {
      if (error instanceof UserError) return reject('user_error', error.message)
      throw error
    }
  }

  #named({ row, hasTime }: NamelessLine, app: string): ShapedLine {
    this.#writer.raw(row)
    this.#writer.string(1, app)
    return {
      kind: 'shaped',
      rows: [{ app, row: this.#writer.endMessage(), hasTime }],
      misfits: 0,
      discarded: 0,
    }
  }
}
