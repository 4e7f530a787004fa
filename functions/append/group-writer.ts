/**
 * Stage append: the rows of a group, each table's to one standing stream.
 *
 * May fail with a Failure; what was appended then is never seen. Safe to repeat with another group.
 */

import { Failure } from '../model/failure.ts'
import { forEachLimited } from '../model/limited.ts'
import { extendsLayout, type Table, tableKey } from '../model/table.ts'
import type { TableRows } from '../split/table-rows.ts'
import { requestsOf } from './requests.ts'
import type { StandingStream } from './standing-stream.ts'
import type { StreamPool } from './stream-pool.ts'
import type { Moved, TableDirectory } from './table-directory.ts'

/** What a group writes with. */
export interface WriteTools {
  readonly streams: StreamPool
  readonly tables: TableDirectory
}

/** Rows of one table that are durable, and where: on a stream, the last of them at an offset. */
export interface WrittenTable {
  readonly dataset: string
  readonly name: string
  readonly rows: number
  readonly stream: string
  readonly offset: number
}

/** Tables written to at once. */
const concurrency = 32

/** The streams of one group. One caller at a time; ends with `release` or `abandon`. */
export class GroupWriter {
  readonly #tools: WriteTools
  readonly #longestWaitMs: number
  /** By the table they are on. */
  readonly #streams = new Map<string, Promise<StandingStream | Moved>>()
  readonly #failures = new Map<string, unknown>()
  #released = false

  /** @param longestWaitMs milliseconds to wait for the process's share of new streams, where one is needed. */
  constructor(tools: WriteTools, longestWaitMs: number) {
    this.#tools = tools
    this.#longestWaitMs = longestWaitMs
  }

  /** Why rows of this table cannot be written; undefined while nothing was wrong with it. */
  failureOf(table: Table): unknown {
    return this.#failures.get(this.keyOf(table))
  }

  /** Whether the group is sealed and its streams are given back. */
  get released(): boolean {
    return this.#released
  }

  /** Where rows of this table go. */
  keyOf(table: Table): string {
    return tableKey(this.#tools.tables.tableFor(table))
  }

  /** Of the tables that are open, those whose last append failed. */
  async doubtful(): Promise<ReadonlySet<string>> {
    const open = (await this.#opened()).map(({ table }) => table)
    return new Set(open.filter((table) => this.#tools.streams.isDoubtful(table)).map(tableKey))
  }

  /** Drops what was refused, so that it is not sent again. False when a row of it may be on the stream already. */
  async takeBack(): Promise<boolean> {
    const streams = await this.#opened()
    if (streams.some(({ clean }) => !clean)) return false
    for (const stream of streams) if (stream.rowCount > 0) stream.rewind()
    return true
  }

  /** Sees to a stream for each table, appending nothing. `failureOf` tells of those that have none; the others go on. */
  async open(wanted: readonly Table[]): Promise<void> {
    const byTable = Map.groupBy(wanted, (table) => tableKey(table))
    await forEachLimited([...byTable.values()], concurrency, async ([table]) => {
      if (!table) return
      try {
        await this.#streamOf(table)
      } catch (error) {
        this.#failures.set(this.keyOf(table), error)
      }
    })
  }

  /** Appends rows to the streams of their tables. A table may come several times. @throws the first failure. */
  async append(gathered: readonly TableRows[]): Promise<void> {
    await this.open(gathered.map(({ table }) => table))
    const byTable = Map.groupBy(gathered, ({ table }) => this.keyOf(table))
    await forEachLimited([...byTable.values()], concurrency, (parts) => this.#appendTo(parts))
  }

  /** Waits until all rows sent are durable. @throws the first failure. */
  async settle(): Promise<void> {
    const streams = await this.#opened()
    await forEachLimited(streams, concurrency, (stream) => this.#blaming(stream, () => stream.settle()))
    for (const { table, rowCount } of streams) if (rowCount > 0) this.#tools.streams.trust(table)
  }

  /** Waits until all rows are durable. Gives where they are. @throws the first failure. */
  async finish(): Promise<WrittenTable[]> {
    await this.settle()
    const written = (await this.#opened()).filter(({ rowCount }) => rowCount > 0)
    return written.map(({ table: { dataset, name }, name: stream, rowCount, lastOffset }) => {
      return { dataset, name, rows: rowCount, stream, offset: lastOffset }
    })
  }

  /** Gives the streams back: the group is sealed, and with it all that is on them. */
  async release(): Promise<void> {
    const { streams } = this.#tools
    this.#released = true
    for (const stream of await this.#opened()) {
      stream.endGroup()
      streams.giveBack(stream)
    }
    this.#streams.clear()
    streams.closeIdle()
  }

  /** Ends a group that has no seal, or may have none: the streams it appended to are left for good. */
  async abandon(): Promise<void> {
    const { streams } = this.#tools
    for (const stream of await this.#opened()) {
      if (stream.clean) {
        stream.rewind()
        streams.giveBack(stream)
      } else streams.leave(stream)
    }
    this.#streams.clear()
  }

  async #appendTo(parts: readonly TableRows[]): Promise<void> {
    const table = parts[0]?.table
    if (!table) return
    const failure = this.failureOf(table)
    if (failure !== undefined) throw failure
    const stream = await this.#streamOf(table)
    await this.#blaming(stream, async () => {
      await this.#use(stream, widest(parts.map((part) => part.table)) ?? table)
      for (const request of requestsOf(parts.flatMap(({ rows }) => rows))) await stream.append(request)
    })
  }

  /** The group's one stream on the table that these rows go to, ready for their columns. */
  async #streamOf(wanted: Table): Promise<StandingStream> {
    const { streams, tables } = this.#tools
    for (let table = tables.tableFor(wanted); ; ) {
      const key = tableKey(table)
      const taking = this.#streams.get(key) ?? streams.acquireStream(table, this.#longestWaitMs)
      this.#streams.set(key, taking)
      const taken = await taking.catch((error: unknown) => {
        this.#streams.delete(key)
        throw error
      })
      if (!('moved' in taken)) {
        await this.#use(taken, wanted)
        return taken
      }
      this.#streams.delete(key)
      table = taken.moved
    }
  }

  async #use(stream: StandingStream, { layout }: Table): Promise<void> {
    await this.#tools.tables.prepare({ ...stream.table, layout })
    await stream.use({ layout })
  }

  async #opened(): Promise<StandingStream[]> {
    const settled = await Promise.allSettled(this.#streams.values())
    const taken = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    return taken.filter((one): one is StandingStream => !('moved' in one))
  }

  /** Rows may be refused because the table has other columns than they were encoded for. Then they are not at fault. */
  async #blaming(stream: StandingStream, work: () => Promise<void>): Promise<void> {
    const { streams, tables } = this.#tools
    try {
      await work()
    } catch (error) {
      streams.doubt(stream.table)
      this.#failures.set(tableKey(stream.table), error)
      const refused = error instanceof Failure && error.code === 'append_refused'
      if (refused && stream.table.layout.learnedFrom !== undefined) await tables.widen(stream.table)
      throw error
    }
  }
}

/**
 * A table as the one with most columns has it.
 * @throws Failure `schema_behind` when a guess at a column was mended between the others and it.
 */
function widest(tables: readonly Table[]): Table | undefined {
  const [first] = tables
  const learned = tables.filter(({ layout }) => layout.learnedFrom !== undefined)
  const widest = learned.reduce<Table | undefined>(
    (most, table) => (most && most.layout.columns.length >= table.layout.columns.length ? most : table),
    undefined,
  )
  if (!widest) return first
  if (learned.every(({ layout }) => extendsLayout(widest.layout, layout))) return widest
  const what = `rows for ${tableKey(widest)} were read before one of its columns was mended; they are read again`
  throw new Failure('system', 'append', 'schema_behind', what)
}
