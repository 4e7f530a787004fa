/**
 * Stage append: the rows of a group into one PENDING stream a table.
 *
 * May fail with a Failure; what was appended then is never seen. Safe to repeat with another group.
 */
import { rowDescriptor } from '../append/descriptor.ts'
import { PendingStream } from '../append/pending-stream.ts'
import { requestsOf } from '../append/requests.ts'
import type { WriteApi } from '../append/write-api.ts'
import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import { forEachLimited } from '../model/limited.ts'
import type { RetryPolicy } from '../model/retry.ts'
import { extendsLayout, type Table, type TableLayout, tableKey } from '../model/table.ts'
import type { TableRows } from '../split/table-rows.ts'
import type { SealedGroup } from './ledger-records.ts'
import type { TableDirectory } from './table-directory.ts'

/** What a group writes with. */
export interface WriteTools {
  readonly api: WriteApi
  readonly tables: TableDirectory
  readonly clock: Clock
  readonly retry: RetryPolicy
}

interface TableStream {
  /** Its layout is that of the rows so far. */
  table: Table
  readonly stream: PendingStream
}

/** Tables written to at once. BigQuery answers CreateWriteStream late beyond 40 a second. */
const concurrency = 8

/** One caller at a time. */
export class GroupWriter {
  readonly #tools: WriteTools
  readonly #streams = new Map<string, TableStream>()

  constructor(tools: WriteTools) {
    this.#tools = tools
  }

  /** Appends rows to the streams of their tables, opening those that are not. A table may come several times. */
  async append(gathered: readonly TableRows[]): Promise<void> {
    const byTable = Map.groupBy(gathered, ({ table }) => tableKey(table))
    await forEachLimited([...byTable.values()], concurrency, async (parts) => {
      const table = widest(parts.map((part) => part.table))
      if (!table) return
      const open = await this.#streamOf(table)
      await this.#blaming(open, async () => {
        for (const request of requestsOf(parts.flatMap(({ rows }) => rows))) await open.stream.append(request)
      })
    })
  }

  /** Ends every stream. Gives what is to be committed. */
  async finish(): Promise<SealedGroup['tables']> {
    const streams = [...this.#streams.values()]
    await forEachLimited(streams, concurrency, (open) => this.#blaming(open, () => open.stream.finish()))
    const byTable = Map.groupBy(streams, ({ table }) => tableKey(table))
    return [...byTable.values()].map((parts) => ({
      dataset: parts[0]?.table.dataset ?? '',
      name: parts[0]?.table.name ?? '',
      streams: parts.map(({ stream }) => stream.name),
      rows: parts.reduce((sum, { stream }) => sum + stream.rowCount, 0),
    }))
  }

  /** Closes every connection; for a group that is given up. */
  abandon(): void {
    for (const { stream } of this.#streams.values()) stream.abandon()
  }

  async #streamOf(wanted: Table): Promise<TableStream> {
    const open = this.#streams.get(tableKey(wanted))
    if (open) return this.#extended(open, wanted.layout)
    const { api, tables, clock, retry } = this.#tools
    const { table, stream } = await tables.createStream(wanted)
    await tables.prepare(table)
    const opened: TableStream = {
      table,
      stream: new PendingStream({
        ...{ api, clock, retry, name: stream },
        descriptor: rowDescriptor(table.layout.columns),
        widen: () => tables.widen(opened.table),
      }),
    }
    this.#streams.set(tableKey(wanted), opened)
    return opened
  }

  /** An open stream, for rows that may have more columns than those before. */
  async #extended(open: TableStream, layout: TableLayout): Promise<TableStream> {
    const table = widest([open.table, { ...open.table, layout }])
    if (!table || table.layout.columns.length === open.table.layout.columns.length) return open
    await this.#tools.tables.prepare(table)
    await open.stream.extend(rowDescriptor(table.layout.columns))
    open.table = table
    return open
  }

  /** Rows may be refused because the table has other columns than they were encoded for: that is not their fault. */
  async #blaming({ table }: TableStream, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const doubtful = error instanceof Failure && error.code === 'append_refused'
      if (doubtful && table.layout.learntFrom !== undefined) await this.#tools.tables.widen(table)
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
  const learnt = tables.filter(({ layout }) => layout.learntFrom !== undefined)
  const widest = learnt.reduce<Table | undefined>(
    (most, table) => (most && most.layout.columns.length >= table.layout.columns.length ? most : table),
    undefined,
  )
  if (!widest) return first
  if (learnt.every(({ layout }) => extendsLayout(widest.layout, layout))) return widest
  const what = `rows for ${tableKey(widest)} were read before one of its columns was mended; they are read again`
  throw new Failure('system', 'append', 'schema_behind', what)
}
