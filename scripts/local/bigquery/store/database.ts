import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'

/** A query's result: column names with DuckDB's names of their types, and the rows in DuckDB's value classes. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly DuckDBValue[])[]
}

/**
 * A bulk insert otherwise grows to most of the machine's memory; beyond this DuckDB spills to disk. Reading JSON takes
 * buffers of twice the longest line for each thread, which cannot spill, so the threads are limited with it.
 */
const limits = { memory_limit: '1GB', threads: '4' }

/**
 * The DuckDB file: one writing connection whose transactions run one after another, and a connection per read.
 * A transaction that has returned is in DuckDB's write-ahead log, and so survives a `kill -9`.
 */
export class Database {
  readonly #instance: DuckDBInstance
  readonly #writer: DuckDBConnection
  #lastWrite: Promise<unknown> = Promise.resolve()
  #closed = false

  private constructor(instance: DuckDBInstance, writer: DuckDBConnection) {
    this.#instance = instance
    this.#writer = writer
  }

  static async open(file: string): Promise<Database> {
    const instance = await DuckDBInstance.create(file, limits)
    const writer = await instance.connect()
    await writer.run(`SET GLOBAL TimeZone = 'UTC'`)
    return new Database(instance, writer)
  }

  /**
   * Runs `work` in a transaction after those before it; rolled back when it throws. Must not nest.
   * `committed` is called with the result before the next transaction begins.
   */
  transaction<T>(
    work: (connection: DuckDBConnection) => Promise<T>,
    committed?: (result: T) => void,
  ): Promise<T> {
    const run = this.#lastWrite.then(async () => {
      if (this.#closed) throw new Error('the BigQuery store is closed')
      const result = await inTransaction(this.#writer, 'BEGIN TRANSACTION', work)
      committed?.(result)
      return result
    })
    this.#lastWrite = run.catch(() => undefined)
    return run
  }

  /** Runs one statement that reads. A statement that writes fails: its transaction is read-only. */
  async query(sql: string, parameters: readonly DuckDBValue[] = []): Promise<QueryResult> {
    const connection = await this.#instance.connect()
    try {
      return await inTransaction(connection, 'BEGIN TRANSACTION READ ONLY', async () => {
        const result = await connection.runAndReadAll(sql, [...parameters])
        const types = result.columnTypes()
        const columns = result.columnNames().map((name, index) => ({ name, type: String(types[index]) }))
        return { columns, rows: result.getRows() }
      })
    } finally {
      connection.closeSync()
    }
  }

  /** Waits for transactions under way, then folds the log into the file. Safe to call twice. */
  async close(): Promise<void> {
    await this.#lastWrite
    if (this.#closed) return
    this.#closed = true
    this.#writer.closeSync()
    this.#instance.closeSync()
  }
}

async function inTransaction<T>(
  connection: DuckDBConnection,
  begin: string,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  await connection.run(begin)
  try {
    const result = await work(connection)
    await connection.run('COMMIT')
    return result
  } catch (error) {
    // A failed COMMIT has already rolled back, and ROLLBACK then fails in turn: the first error is the one to tell.
    await connection.run('ROLLBACK').catch(() => undefined)
    throw error
  }
}
