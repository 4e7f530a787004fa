import { type Appended, DefaultStream } from '../append/default-stream.ts'
import type { TableCatalog } from '../append/tables.ts'
import type { WriteApi } from '../append/write-api.ts'
import type { TableRow } from '../model/column.ts'
import { Failure } from '../model/failure.ts'
import { type RetryTools, retrying, TryAgain } from '../model/retry.ts'
import type { Table } from '../model/table.ts'
import { rowDescriptor } from '../split/encode/descriptor.ts'
import { encodeRow } from '../split/encode/encode-row.ts'
import { ProtoWriter } from '../split/encode/proto-writer.ts'

/** A table that the bridge keeps of its own work: of what became of every object, before its message is acknowledged. */
export class RecordTable {
  readonly #table: Table
  readonly #stream: DefaultStream
  readonly #catalog: TableCatalog
  readonly #tools: RetryTools
  readonly #writer = new ProtoWriter()
  #mending: Promise<unknown> | undefined

  constructor(table: Table, api: WriteApi, catalog: TableCatalog, tools: RetryTools) {
    this.#table = table
    this.#catalog = catalog
    this.#tools = tools
    this.#stream = new DefaultStream(api, this.#table, rowDescriptor(this.#table.layout.columns), tools)
  }

  /**
   * Writes records; they are durable when this resolves. Makes the table when it is missing, and gives it the columns
   * it lacks: one that an earlier release made, say.
   */
  async write(records: readonly TableRow[]): Promise<void> {
    const rows = records.map((record) => encodeRow(this.#writer, this.#table.layout.columns, record))
    await retrying(this.#tools, async () => {
      const appended = await this.#stream.append(rows)
      if (appended === 'done') return appended
      await this.#mendOnce(appended)
      // The write side knows of a table, or a column, some time after it was made.
      const what =
        appended === 'missing' ? 'was made and is still not found' : 'has new columns and still lacks them'
      return new TryAgain(
        new Failure('system', 'commit', 'table_unavailable', `table ${this.#table.name} ${what}`),
      )
    })
  }

  /** Records that need the same table or columns at the same moment wait for one call. */
  async #mendOnce(lack: Exclude<Appended, 'done'>): Promise<void> {
    this.#mending ??= this.#mend(lack).finally(() => {
      this.#mending = undefined
    })
    await this.#mending
  }

  #mend(lack: Exclude<Appended, 'done'>): Promise<unknown> {
    return lack === 'missing' ? this.#catalog.create(this.#table) : this.#catalog.widen(this.#table)
  }

  close(): void {
    this.#stream.close()
  }
}
