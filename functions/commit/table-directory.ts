import { ofCode } from '../append/answers.ts'
import type { TableCatalog } from '../append/tables.ts'
import { type WriteApi, WriteApiError } from '../append/write-api.ts'
import type { Clock } from '../model/clock.ts'
import type { Column } from '../model/column.ts'
import { Failure, messageOf } from '../model/failure.ts'
import { Retries, type RetryPolicy } from '../model/retry.ts'
import { extendsLayout, type Table, type TableLayout, tableKey } from '../model/table.ts'
import type { ColumnMemories } from '../shape/column-memory.ts'
import type { StreamBudget } from './stream-budget.ts'

export interface TableDirectoryTools {
  readonly api: WriteApi
  readonly catalog: TableCatalog
  readonly clock: Clock
  readonly retry: RetryPolicy
  readonly budget: StreamBudget
  readonly memories: ColumnMemories
}

/**
 * Opens streams on tables, making tables when they are first seen.
 *
 * A table that exists costs no metadata call: the stream is asked for, and only "not found" leads to the catalog.
 * There the cap on a source's tables is kept: rows past it go to the overflow table. Instances that make
 * tables at the same moment may pass the cap by as many.
 */
export class TableDirectory {
  readonly #api: WriteApi
  readonly #catalog: TableCatalog
  readonly #clock: Clock
  readonly #retry: RetryPolicy
  readonly #budget: StreamBudget
  readonly #redirected = new Map<string, Table>()
  readonly #memories: ColumnMemories
  readonly #ready = new Map<string, TableLayout>()
  readonly #making = new Map<string, Promise<Table>>()

  constructor(tools: TableDirectoryTools) {
    this.#api = tools.api
    this.#catalog = tools.catalog
    this.#clock = tools.clock
    this.#retry = tools.retry
    this.#budget = tools.budget
    this.#memories = tools.memories
  }

  /** A new PENDING stream for this table's rows, and the table it is really on. */
  async createStream(wanted: Table): Promise<{ table: Table; stream: string }> {
    let table = this.#redirected.get(tableKey(wanted)) ?? wanted
    const retries = new Retries(this.#retry, this.#clock)
    for (let made = false; ; ) {
      try {
        await this.#budget.take()
        const stream = await this.#api.createStream(table)
        // Another may have made it, with fewer columns than these rows have.
        return { table: { ...table, layout: wanted.layout }, stream }
      } catch (error) {
        if (!(error instanceof WriteApiError)) throw error
        const verdict = ofCode(error.code)
        if (verdict === 'table_missing' && !made) {
          table = await this.#makeOnce(table)
          made = true
          continue
        }
        // A table is known to the write side some time after it was made.
        const again = verdict !== 'terminal' && (await retries.again())
        if (!again) throw unavailable(table, error)
      }
    }
  }

  /** Sees to it that a table has the columns learnt of its rows: one call of the catalog each time they grew. */
  async prepare(table: Table): Promise<void> {
    if (table.layout.learntFrom === undefined) return
    const ready = this.#ready.get(tableKey(table))
    if (!ready || !extendsLayout(ready, table.layout)) await this.widen(table)
  }

  /**
   * Gives a table the columns its layout has and it lacks.
   * @throws Failure `schema_behind` when it has a learnt column with another type: reading the object again mends it.
   */
  async widen(table: Table): Promise<void> {
    this.#ready.delete(tableKey(table))
    const actual = await this.#catalog.widen(table)
    const clashes = this.#memories.reconcile(table.layout, actual)
    if (clashes.length > 0) throw schemaBehind(table, clashes)
    this.#ready.set(tableKey(table), table.layout)
  }

  /** Objects that meet a new app at the same moment wait for one creation. */
  #makeOnce(wanted: Table): Promise<Table> {
    const key = tableKey(wanted)
    const under = this.#making.get(key)
    if (under !== undefined) return under
    const making = this.#make(wanted).finally(() => this.#making.delete(key))
    this.#making.set(key, making)
    return making
  }

  async #make(wanted: Table): Promise<Table> {
    const table = (await this.#pastCap(wanted)) ?? wanted
    await this.#catalog.create(table)
    if (table !== wanted) this.#redirected.set(tableKey(wanted), table)
    return table
  }

  /** The overflow table, if this table would be one too many. */
  async #pastCap(table: Table): Promise<Table | undefined> {
    if (!table.cap) return undefined
    const { prefix, most, overflow } = table.cap
    const count = await this.#catalog.count(table.dataset, prefix, most)
    return count >= most ? { ...table, name: overflow } : undefined
  }
}

function schemaBehind(table: Table, clashes: readonly Column[]): Failure {
  const names = clashes.map(({ name, type }) => `${name} (not ${type})`).join(', ')
  const what = `table ${tableKey(table)} has other types than its rows were read for: ${names}; they are read again`
  return new Failure('system', 'append', 'schema_behind', what)
}

function unavailable(table: Table, error: Error): Failure {
  const what = `no stream for table ${tableKey(table)}: ${messageOf(error)}`
  return new Failure('system', 'append', 'table_unavailable', what, error)
}
