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
import { forEachLimited } from '../model/limited.ts'
import type { RetryPolicy } from '../model/retry.ts'
import { type Table, tableKey } from '../model/table.ts'
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
  readonly table: Table
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
      const [first] = parts
      if (!first) return
      const { stream } = await this.#streamOf(first.table)
      for (const request of requestsOf(parts.flatMap(({ rows }) => rows))) await stream.append(request)
    })
  }

  /** Ends every stream. Gives what is to be committed. */
  async finish(): Promise<SealedGroup['tables']> {
    const streams = [...this.#streams.values()]
    await forEachLimited(streams, concurrency, ({ stream }) => stream.finish())
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
    if (open) return open
    const { api, tables, clock, retry } = this.#tools
    const { table, stream } = await tables.createStream(wanted)
    const opened = {
      table,
      stream: new PendingStream({
        ...{ api, clock, retry, name: stream },
        descriptor: rowDescriptor(table.layout.columns),
        widen: () => tables.widen(table),
      }),
    }
    this.#streams.set(tableKey(wanted), opened)
    return opened
  }
}
