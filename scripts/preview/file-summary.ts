import type { FilterReason, LineCounts, ShapeCounts } from '../../functions/model/outcome.ts'
import { formats } from '../../functions/parse/formats.ts'
import type { ObjectCounts } from '../../functions/split/object-rows.ts'
import type { LogSource } from '../../functions/split/tables/log-source.ts'
import { logTableLayout } from '../../functions/split/tables/log-table.ts'
import { formatCount } from '../terminal/count.ts'
import { table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

interface RejectGroup {
  count: number
  readonly line: number
  readonly reason: string
}

/** What a file would become, in numbers. */
export class FileSummary {
  readonly #path: string
  readonly #source: LogSource
  readonly #rows = new Map<string, { readonly table: string; readonly app: string; count: number }>()
  readonly #rejects = new Map<string, RejectGroup>()
  readonly #filled = new Set<string>()
  #counts: LineCounts = { read: 0, written: 0, filtered: 0, rejected: 0 }
  #filteredBy: ReadonlyMap<FilterReason, number> = new Map()
  #shape: ShapeCounts = { extraRows: 0, misfits: 0, discarded: 0 }
  #rowsWithoutTime = 0
  #linesNotUtf8 = 0

  constructor(path: string, source: LogSource) {
    this.#path = path
    this.#source = source
  }

  addRow(tableName: string, row: Readonly<Record<string, unknown>>): void {
    const app = String(row['app'])
    const key = `${tableName} ${app}`
    const known = this.#rows.get(key)
    if (known) known.count += 1
    else this.#rows.set(key, { table: tableName, app, count: 1 })
    for (const name of Object.keys(row)) this.#filled.add(name)
  }

  addReject(reject: Readonly<Record<string, unknown>>): void {
    const errorClass = String(reject['error_class'])
    const known = this.#rejects.get(errorClass)
    if (known) known.count += 1
    else
      this.#rejects.set(errorClass, {
        count: 1,
        line: Number(reject['source_line']),
        reason: String(reject['reason']),
      })
  }

  finish({ counts, filteredBy, shapeCounts, rowsWithoutTime, linesNotUtf8 }: ObjectCounts): void {
    this.#rowsWithoutTime = rowsWithoutTime
    this.#linesNotUtf8 = linesNotUtf8
    this.#filteredBy = filteredBy
    this.#counts = counts
    this.#shape = shapeCounts
  }

  text(terminal: Terminal): string {
    const { format, name } = this.#source
    const parts = [`${this.#path}: ${format}, as source ${name}\n${this.#lines()}`]
    const rows = [...this.#rows.values()]
    if (rows.length > 0) {
      const cells = rows.map((row) => [row.table, row.app, row.count])
      parts.push(table(['table', 'app', 'rows'], cells, terminal))
    }
    if (this.#rejects.size > 0) {
      const cells = [...this.#rejects].map(([kind, { count, line, reason }]) => [kind, count, line, reason])
      parts.push(table(['rejected as', 'lines', 'first line', 'because'], cells, terminal))
    }
    const empty = rows.length > 0 ? this.#neverFilled() : []
    if (empty.length > 0) parts.push(`never filled: ${empty.join(', ')}`)
    return `${parts.join('\n\n')}\n`
  }

  #lines(): string {
    const { read, written, filtered, rejected } = this.#counts
    const { extraRows, misfits, discarded } = this.#shape
    const lines = `${formatCount(read)} lines = ${formatCount(written)} written + ${formatCount(filtered)} filtered + ${formatCount(rejected)} rejected`
    const more: readonly [number, string][] = [
      [extraRows, 'rows more than lines written'],
      [this.#rowsWithoutTime, `rows without an event_time${this.#timeHint()}`],
      [
        this.#linesNotUtf8,
        "lines with bytes that are no UTF-8: say how they are written, such as encoding: 'latin1'",
      ],
      [misfits, 'values that did not fit their column, in rest'],
      [discarded, 'fields without a column dropped'],
    ]
    const counts = more.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`)
    const reasons = [...this.#filteredBy].map(([reason, count]) => `${formatCount(count)} ${reason}`)
    const filters = reasons.length > 0 ? [`filtered: ${reasons.join(', ')}`] : []
    return [lines, ...filters, ...counts].join('\n')
  }

  /** What gives rows their time, in a format whose fields are free. */
  #timeHint(): string {
    const takesTime = formats[this.#source.format].settings?.includes('time')
    return takesTime
      ? ": name their time with the source's setting time, such as time: { field: 'when' }"
      : ''
  }

  #neverFilled(): string[] {
    return logTableLayout(this.#source)
      .columns.map(({ name }) => name)
      .filter((name) => !this.#filled.has(name))
  }
}
