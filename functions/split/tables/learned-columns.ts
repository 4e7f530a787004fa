/**
 * The columns that sources with `contract: 'evolve'` learned from the fields of their rows.
 *
 * Learned columns stand behind all others, in the order they were learned, so rows encoded earlier stay valid under a
 * longer layout. A type is a guess until the table was seen; then the table's type counts. A wrong guess is mended in a
 * copy that takes this one's place. Rows encoded by the old one are not sent: their object is read again.
 */

import { type Column, type ColumnType, isColumnName } from '../../model/column.ts'
import type { TableColumn, TableLayout } from '../../model/table.ts'
import { isObject, numberText } from '../../parse/json/json-document.ts'
import { cellFor } from './cell-for.ts'
import type { LogSource } from './log-source.ts'
import { logTableLayout } from './log-table.ts'

/** Most columns learned of a source; fields past it are in `rest`. BigQuery takes 10,000 a table. */
const mostLearned = 500

/** Types found in tables, by column name in lower case; `unfit` where rows cannot rely on one. */
type SeenTypes = Map<string, ColumnType | 'unfit'>

interface ColumnSet {
  /** That of the source's tables. */
  readonly layout: TableLayout
  readonly byName: ReadonlyMap<string, Column>
}

/** The learned columns of one source. Only grows. */
export class LearnedColumns {
  readonly #source: LogSource
  readonly #seen: SeenTypes
  /** Replaced at once: a line that is cut off must not leave half of a column. */
  #now: ColumnSet

  constructor(source: LogSource, seen: SeenTypes, learned: readonly Column[] = []) {
    this.#source = source
    this.#seen = seen
    this.#now = learned.reduce<ColumnSet>((now, column) => this.#grown(now, column), {
      layout: logTableLayout(source),
      byName: new Map(),
    })
  }

  /** That of the source's tables, as of now. */
  get layout(): TableLayout {
    return this.#now.layout
  }

  get columns(): readonly Column[] {
    return [...this.#now.byName.values()]
  }

  /** The learned column of a field, learning it from this value if need be. Undefined: the field is for `rest`. */
  columnFor(name: string, value: unknown): Column | undefined {
    return this.#now.byName.get(name) ?? this.#learn(name, value)
  }

  #learn(name: string, value: unknown): Column | undefined {
    const { layout, byName } = this.#now
    if (byName.size >= mostLearned || value === null || value === undefined) return undefined
    // Names such as `constructor` are on every object of JavaScript: rows without them would seem to have them.
    if (!isColumnName(name) || name in Object.prototype) return undefined
    const key = name.toLowerCase()
    if (layout.columns.some((column) => column.name.toLowerCase() === key)) return undefined
    const seen = this.#seen.get(key)
    const type = seen ?? typeOf(value)
    if (type === undefined || type === 'unfit') return undefined
    const column: Column = { name, type, description: 'Learned from a field of that name' }
    if (seen === undefined && cellFor(column, value) === undefined) return undefined
    this.#now = this.#grown(this.#now, column)
    return column
  }

  #grown({ layout, byName }: ColumnSet, column: Column): ColumnSet {
    return {
      layout: { ...layout, columns: [...layout.columns, column], learnedFrom: this.#source.name },
      byName: new Map(byName).set(column.name, column),
    }
  }
}

/** The learned columns of all sources: one a process. */
export class LearnedSchemas {
  readonly #bySource = new Map<
    string,
    { readonly source: LogSource; readonly seen: SeenTypes; now: LearnedColumns }
  >()

  /** Those for the rows of one object, from its first to its last. Undefined: the source does not evolve. */
  of(source: LogSource): LearnedColumns | undefined {
    if (source.contract !== 'evolve') return undefined
    const known = this.#bySource.get(source.name)
    if (known) return known.now
    const seen: SeenTypes = new Map()
    const now = new LearnedColumns(source, seen)
    this.#bySource.set(source.name, { source, seen, now })
    return now
  }

  /**
   * Learns the columns a table really has. Where tables of a source differ in a column's type, the column has none: its
   * fields are in `rest` from then on.
   * @param layout that of rows meant for the table.
   * @returns columns of the layout the table has with another type: such rows must not be sent.
   */
  reconcile(layout: TableLayout, actual: readonly TableColumn[]): Column[] {
    const known = this.#bySource.get(layout.learnedFrom ?? '')
    if (!known) return []
    const { source, seen } = known
    const own = new Set(logTableLayout(source).columns.map(({ name }) => name.toLowerCase()))
    const types: SeenTypes = new Map()
    for (const { name, type, mode } of actual) {
      const key = name.toLowerCase()
      if (!own.has(key)) types.set(key, mode === 'NULLABLE' && isColumnType(type) ? type : 'unfit')
    }
    for (const [key, type] of types) seen.set(key, (seen.get(key) ?? type) === type ? type : 'unfit')
    known.now = mended(source, known.now, seen)
    return layout.columns.filter(({ name, type }) => (types.get(name.toLowerCase()) ?? type) !== type)
  }
}

/** The same when its guesses hold, else a copy without those that do not. */
function mended(source: LogSource, current: LearnedColumns, seen: SeenTypes): LearnedColumns {
  const typeSeen = ({ name, type }: Column) => seen.get(name.toLowerCase()) ?? type
  if (current.columns.every((column) => typeSeen(column) === column.type)) return current
  const learned = current.columns.flatMap((column) => {
    const type = typeSeen(column)
    return type === 'unfit' ? [] : [{ ...column, type }]
  })
  return new LearnedColumns(source, seen, learned)
}

/** What the first value of a field says of its column. */
function typeOf(value: unknown): ColumnType | undefined {
  if (typeof value === 'string') return 'STRING'
  if (typeof value === 'boolean') return 'BOOL'
  if (value instanceof Date) return 'TIMESTAMP'
  if (typeof value === 'bigint') return 'INT64'
  if (numberText(value) !== undefined) return isInteger(value) ? 'INT64' : 'FLOAT64'
  return Array.isArray(value) || isObject(value) ? 'JSON' : undefined
}

/** Also integers past 2^53 that were kept as their digits. */
function isInteger(value: unknown): boolean {
  return typeof value === 'number' ? Number.isSafeInteger(value) : /^-?\d+$/.test(numberText(value) ?? '')
}

const columnTypes: ReadonlySet<string> = new Set<ColumnType>([
  'STRING',
  'INT64',
  'FLOAT64',
  'BOOL',
  'TIMESTAMP',
  'JSON',
])

function isColumnType(type: string): type is ColumnType {
  return columnTypes.has(type)
}
