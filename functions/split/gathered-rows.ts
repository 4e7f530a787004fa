import type { Bridge } from '../config/schema.ts'
import { type Table, type TableLayout, tableKey } from '../model/table.ts'
import { listedApps } from './listed-apps.ts'
import { ownText } from './shape/own-text.ts'
import type { TableRows } from './table-rows.ts'
import type { LogSource } from './tables/log-source.ts'
import { overflowTableName, tableName } from './tables/table-name.ts'

interface Gathered {
  readonly table: Omit<Table, 'layout'>
  readonly layout: () => TableLayout
  rows: Buffer[]
  bytes: number
}

interface AppRows {
  readonly gathered: Gathered
  rows: number
}

/** The encoded rows of one object by table, each app's in its own table. */
export class GatheredRows {
  readonly #dataset: string
  readonly #source: LogSource
  readonly #layout: () => TableLayout
  readonly #byApp = new Map<string, AppRows>()
  /** Of apps past the cap. */
  #others: AppRows | undefined
  readonly #byTable = new Map<string, Gathered>()
  #bytes = 0

  /** @param layout that of the source's tables; columns may come to it as rows are encoded. */
  constructor({ dataset }: Pick<Bridge, 'dataset'>, source: LogSource, layout: () => TableLayout) {
    this.#dataset = dataset
    this.#source = source
    this.#layout = layout
  }

  /** Bytes of the rows gathered since the last `takeTables`. */
  get bytes(): number {
    return this.#bytes
  }

  /** Rows by app, from the start, as a record lists them. */
  get rowsByApp(): ReadonlyMap<string, number> {
    const rowsByApp = new Map([...this.#byApp].map(([app, { rows }]) => [app, rows]))
    return listedApps(rowsByApp, this.#others?.rows ?? 0)
  }

  /** Adds a row of an app. */
  add(app: string, row: Buffer): void {
    const appRows = this.#ofApp(app)
    appRows.rows += 1
    this.#gather(appRows.gathered, row)
  }

  /** Adds a row of another table than the source's. */
  addTo(table: Table, row: Buffer): void {
    this.#gather(
      this.#ofTable(table, () => table.layout),
      row,
    )
  }

  /** The rows gathered since the last call, by table; forgets them. */
  takeTables(): TableRows[] {
    const taken = [...this.#byTable.values()]
      .filter(({ rows }) => rows.length > 0)
      .map(({ table, layout, rows, bytes }) => ({ table: { ...table, layout: layout() }, rows, bytes }))
    for (const gathered of this.#byTable.values()) Object.assign(gathered, { rows: [], bytes: 0 })
    this.#bytes = 0
    return taken
  }

  #gather(gathered: Gathered, row: Buffer): void {
    gathered.rows.push(row)
    gathered.bytes += row.length
    this.#bytes += row.length
  }

  /** Past the cap on tables, and in clustered tables, only the rows name their app. */
  #ofApp(app: string): AppRows {
    const known = this.#byApp.get(app)
    if (known) return known
    if (this.#byApp.size < this.#source.maxTables) {
      const appRows = this.#newApp(app, false)
      this.#byApp.set(ownText(app), appRows)
      return appRows
    }
    this.#others ??= this.#newApp(app, true)
    return this.#others
  }

  #newApp(app: string, pastCap: boolean): AppRows {
    return { gathered: this.#ofTable(this.#tableOf(app, pastCap), this.#layout), rows: 0 }
  }

  #tableOf(app: string, pastCap: boolean): Omit<Table, 'layout'> {
    const source = this.#source
    const name = tableName(source, app)
    if (source.split === 'cluster') return { dataset: this.#dataset, name }
    const overflow = overflowTableName(source)
    if (pastCap) return { dataset: this.#dataset, name: overflow }
    const cap = { prefix: `${source.name}_`, most: source.maxTables, overflow }
    return { dataset: this.#dataset, name, cap }
  }

  #ofTable(table: Omit<Table, 'layout'>, layout: () => TableLayout): Gathered {
    const known = this.#byTable.get(tableKey(table))
    if (known) return known
    const gathered = { table, layout, rows: [], bytes: 0 }
    this.#byTable.set(tableKey(table), gathered)
    return gathered
  }
}
