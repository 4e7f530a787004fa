import type { Column } from '../model/column.ts'
import { Failure, messageOf } from '../model/failure.ts'
import { type RetryTools, retrying, TryAgain } from '../model/retry.ts'
import { extendsLayout, type Table, type TableCap, type TableLayout, tableKey } from '../model/table.ts'
import type { LearnedSchemas } from '../split/tables/learned-columns.ts'
import { ofCode } from './answers.ts'
import type { StreamBudget } from './stream-budget.ts'
import type { TableCatalog } from './tables.ts'
import { type WriteApi, WriteApiError } from './write-api.ts'

export interface TableDirectoryTools extends RetryTools {
  readonly api: WriteApi
  readonly catalog: TableCatalog
  readonly budget: StreamBudget
  readonly learnedSchemas: LearnedSchemas
}

/** Where rows go instead: their table would be one too many. */
export interface Moved {
  readonly moved: Table
}

/**
 * How many times longer to wait before a retry on a table that was just made. The write side knows the table after some
 * seconds, each try counts against the quota, and the answer to one made too soon is remembered for a while.
 */
const newTableDelayFactor = 10
/** Milliseconds for which a list of a source's tables is fresh enough to make one more. */
const listLife = 10_000

/** The tables of a source, as of some time, and those made here since. */
interface KnownTables {
  readonly names: Set<string>
  readonly at: number
}

/**
 * Knows which table rows really go to, and makes streams on it, and the table when it is first seen.
 *
 * The tables of a source are listed once a process, and once more before one is made. So calls for streams, which have a
 * quota, are for tables that exist, and the cap on a source's tables is kept: rows past it go to the overflow table,
 * without a call. Instances that make tables at the same moment may exceed the cap by as many.
 */
export class TableDirectory {
  readonly #tools: TableDirectoryTools
  /** By dataset and prefix. */
  readonly #known = new Map<string, KnownTables>()
  readonly #listing = new Map<string, Promise<KnownTables>>()
  readonly #ready = new Map<string, TableLayout>()
  readonly #making = new Map<string, Promise<Table>>()

  constructor(tools: TableDirectoryTools) {
    this.#tools = tools
  }

  /** Where rows of this table go as far as is known: there, or to the overflow table. */
  tableFor(wanted: Table): Table {
    const { dataset, name, cap } = wanted
    const names = cap && this.#known.get(listKey(dataset, cap))?.names
    return cap && names && names.size >= cap.most && !names.has(name) ? overflowOf(wanted, cap) : wanted
  }

  /**
   * A new stream on this table, which is made when there is none.
   * @param longestWaitMs milliseconds to wait for this process's share of new streams. @throws Failure
   */
  async createStream(table: Table, longestWaitMs: number): Promise<{ readonly stream: string } | Moved> {
    const { api, budget } = this.#tools
    let made = false
    const make = async (): Promise<Moved | TryAgain> => {
      const actual = await this.#makeOnce(table)
      if (actual !== table) return { moved: actual }
      made = true
      return new TryAgain(unavailable(table, new Error('it was just made')), newTableDelayFactor)
    }
    const listed = !table.cap || (await this.#tablesOf(table, table.cap)).names.has(table.name)
    return retrying(this.#tools, async () => {
      if (!listed && !made) return make()
      await budget.acquireStream(longestWaitMs)
      try {
        return { stream: await api.createStream(table) }
      } catch (error) {
        if (!(error instanceof WriteApiError)) throw error
        const verdict = ofCode(error.code)
        if (verdict === 'missing' && !made) return make()
        if (verdict === 'missing') return new TryAgain(unavailable(table, error), newTableDelayFactor)
        if (verdict === 'retry') return new TryAgain(unavailable(table, error))
        throw unavailable(table, error)
      }
    })
  }

  /** Sees to it that a table has the columns learned of its rows: one call of the catalog each time they grew. */
  async prepare(table: Table): Promise<void> {
    if (table.layout.learnedFrom === undefined) return
    const ready = this.#ready.get(tableKey(table))
    if (!ready || !extendsLayout(ready, table.layout)) await this.widen(table)
  }

  /** Forgets what columns a table had: it may have been made anew. */
  forget(table: Table): void {
    this.#ready.delete(tableKey(table))
  }

  /**
   * Gives a table the columns its layout has and it lacks.
   * @throws Failure `schema_behind` when it has a learned column with another type: reading the object again mends it.
   */
  async widen(table: Table): Promise<void> {
    this.forget(table)
    const actual = await this.#tools.catalog.widen(table)
    const clashes = this.#tools.learnedSchemas.reconcile(table.layout, actual)
    if (clashes.length > 0) throw schemaBehind(table, clashes)
    this.#ready.set(tableKey(table), table.layout)
  }

  /** Objects that need the same new table at the same moment wait for one creation. */
  #makeOnce(wanted: Table): Promise<Table> {
    const key = tableKey(wanted)
    const under = this.#making.get(key)
    if (under !== undefined) return under
    const making = this.#make(wanted).finally(() => this.#making.delete(key))
    this.#making.set(key, making)
    return making
  }

  async #make(wanted: Table): Promise<Table> {
    const { dataset, name, cap } = wanted
    if (!cap) {
      await this.#tools.catalog.create(wanted)
      return wanted
    }
    this.#known.get(listKey(dataset, cap))?.names.delete(name)
    const { names } = await this.#tablesOf(wanted, cap, listLife)
    // The overflow table is made when a stream on it is wanted.
    if (names.size >= cap.most && !names.has(name)) return overflowOf(wanted, cap)
    names.add(name)
    try {
      await this.#tools.catalog.create(wanted)
    } catch (error) {
      names.delete(name)
      throw error
    }
    return wanted
  }

  /** The tables of a source by a list that is not older than this. */
  async #tablesOf({ dataset }: Table, cap: TableCap, life = Number.POSITIVE_INFINITY): Promise<KnownTables> {
    const key = listKey(dataset, cap)
    const known = this.#known.get(key)
    if (known && this.#tools.clock.now() - known.at < life) return known
    const under = this.#listing.get(key)
    if (under !== undefined) return under
    const listing = this.#list(dataset, cap).finally(() => this.#listing.delete(key))
    this.#listing.set(key, listing)
    return listing
  }

  async #list(dataset: string, cap: TableCap): Promise<KnownTables> {
    const at = this.#tools.clock.now()
    // Instances that raced each other may have made a few more than there should be.
    const listed = await this.#tools.catalog.names(dataset, cap.prefix, cap.most * 2)
    const known = { at, names: new Set(listed) }
    this.#known.set(listKey(dataset, cap), known)
    return known
  }
}

function listKey(dataset: string, { prefix }: TableCap): string {
  return `${dataset}.${prefix}`
}

function overflowOf({ dataset, layout }: Table, { overflow }: TableCap): Table {
  return { dataset, layout, name: overflow }
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
