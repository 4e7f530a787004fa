import type { Column } from '../../functions/model/column.ts'
import type { Table, TableColumn } from '../../functions/model/table.ts'
import type { RowDescriptor } from '../../functions/split/encode/descriptor.ts'
import type { SimulatedCatalog } from './ports.ts'
import type { Process } from './process.ts'
import type { Errors } from './revision.ts'
import type { SeenRow } from './seen-lines.ts'
import type { World } from './world.ts'

interface KnownColumn extends TableColumn {
  /** When the write side knows it. */
  readonly usableAt: number
}

interface KnownTable {
  readonly usableAt: number
  readonly columns: Map<string, KnownColumn>
  readonly rows: SeenRow[]
}

/** Milliseconds within which the write side knows a table that was made. */
const madeWithin = 3_000

/** BigQuery's tables, in memory. The write side knows tables, and columns, some time after they came. */
export class TableServer {
  readonly #world: World
  readonly #learnsWithin: number
  readonly #onRow: (table: string, row: SeenRow) => void
  readonly #tables = new Map<string, KnownTable>()

  /** @param onRow told of each row that becomes visible. */
  constructor(world: World, learnsWithin: number, onRow: (table: string, row: SeenRow) => void) {
    this.#world = world
    this.#learnsWithin = learnsWithin
    this.#onRow = onRow
  }

  /** What a query would see. */
  rowsOf(table: string): readonly SeenRow[] {
    return this.#tables.get(table)?.rows ?? []
  }

  /** Whether the write side knows a table. */
  isUsable(table: string): boolean {
    return (this.#tables.get(table)?.usableAt ?? Number.POSITIVE_INFINITY) <= this.#world.now
  }

  /** Makes rows visible. */
  publish(table: string, rows: readonly SeenRow[]): void {
    this.#tables.get(table)?.rows.push(...rows)
    for (const row of rows) this.#onRow(table, row)
  }

  /** Whether rows laid out like this fit a table: not while it lacks a field, nor where a type is another. */
  fit(table: string, { field }: RowDescriptor): 'fits' | 'extra fields' | 'other types' {
    const columns = this.#tables.get(table)?.columns
    const known = field.map(({ name, type }) => ({ type, column: columns?.get(name.toLowerCase()) }))
    if (known.some(({ column }) => !column || column.usableAt > this.#world.now)) return 'extra fields'
    return known.every(({ type, column }) => type === wireTypes[column?.type ?? '']) ? 'fits' : 'other types'
  }

  /** Metadata as one process sees it. */
  catalogFor(process: Process, errors: Errors): SimulatedCatalog {
    const call = async <T>(what: string, serve: () => T): Promise<T> => {
      try {
        const named = `${process.name} ${what}`
        return await this.#world.call({ process, what: named, service: 'write', serve })
      } catch {
        throw errors.failure('system', 'append', 'table_unavailable', what)
      }
    }
    return {
      create: (table) => call(`create table ${table.name}`, () => this.#create(table)),
      widen: (table) => call(`widen table ${table.name}`, () => this.#widen(table)),
      names: (dataset, prefix, atMost) =>
        call('list tables', () => this.#names(dataset, prefix).slice(0, atMost)),
      count: (dataset, prefix, atMost) =>
        call('count tables', () => Math.min(this.#names(dataset, prefix).length, atMost)),
    }
  }

  #names(dataset: string, prefix: string): string[] {
    const start = `${dataset}.`
    return [...this.#tables.keys()]
      .filter((name) => name.startsWith(`${start}${prefix}`))
      .map((name) => name.slice(start.length))
  }

  #create({ dataset, name, layout }: Table): void {
    const key = `${dataset}.${name}`
    if (this.#tables.has(key)) return
    const usableAt = this.#world.now + this.#world.random() * madeWithin
    const columns = new Map(layout.columns.map((column) => known(column, usableAt)))
    this.#tables.set(key, { usableAt, columns, rows: [] })
  }

  #widen({ dataset, name, layout }: Table): readonly TableColumn[] {
    const table = this.#tables.get(`${dataset}.${name}`)
    if (!table) throw new Error(`no table ${name}`)
    const missing = layout.columns.filter((column) => !table.columns.has(column.name.toLowerCase()))
    const usableAt = this.#world.now + this.#world.random() * this.#learnsWithin
    for (const column of missing) table.columns.set(...known(column, usableAt))
    return [...table.columns.values()].map(({ name: column, type, mode }) => ({ name: column, type, mode }))
  }
}

function known({ name, type, mode }: Column, usableAt: number): [string, KnownColumn] {
  return [name.toLowerCase(), { name, type, mode: mode ?? 'NULLABLE', usableAt }]
}

/** How values of each type are written, by what the service documents. */
const wireTypes: Readonly<Record<string, string>> = {
  STRING: 'TYPE_STRING',
  JSON: 'TYPE_STRING',
  INT64: 'TYPE_INT64',
  TIMESTAMP: 'TYPE_INT64',
  FLOAT64: 'TYPE_DOUBLE',
  BOOL: 'TYPE_BOOL',
}
