import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { status } from '@grpc/grpc-js'
import type { KeptTable, TableAddress } from '../store/resources.ts'
import type { BigQueryStore } from '../store/store.ts'
import { StoreError } from '../store/store-error.ts'
import { parseStreamName, tableName } from './resource-name.ts'
import { RowJournal } from './row-journal.ts'
import { WriteError } from './write-error.ts'
import type { StreamType, WriteStream } from './write-stream.ts'

const layout = `
  CREATE TABLE IF NOT EXISTS _causeway.write_streams
    (name VARCHAR NOT NULL, type VARCHAR NOT NULL, table_created VARCHAR NOT NULL, created_at BIGINT NOT NULL,
     row_count BIGINT NOT NULL, flushed BIGINT NOT NULL, finalized BOOLEAN NOT NULL, committed_at BIGINT)`

const batchSuffix = '.batch.ndjson'

/**
 * All streams ever created. Their states are in DuckDB, beside the tables, so that rows and states change in one
 * transaction; rows that are not in a table yet are in journals under `<directory>/streams`.
 *
 * Streams are never forgotten: the service drops those without traffic after some days, this keeps them.
 */
export class StreamRegistry {
  readonly #store: BigQueryStore
  readonly #directory: string
  readonly #streams = new Map<string, WriteStream>()
  #batches = 0

  private constructor(store: BigQueryStore, directory: string) {
    this.#store = store
    this.#directory = directory
  }

  static async open(store: BigQueryStore, directory: string): Promise<StreamRegistry> {
    const registry = new StreamRegistry(store, join(directory, 'streams'))
    mkdirSync(registry.#directory, { recursive: true })
    await store.transaction((connection) => connection.run(layout))
    const { rows } = await store.query(
      `SELECT name, type, table_created, created_at, row_count, flushed, finalized, committed_at
       FROM _causeway.write_streams`,
    )
    for (const [name, type, tableCreated, createdAt, rowCount, flushed, finalized, committedAt] of rows) {
      registry.#restore({
        name: String(name),
        type: type === 'PENDING' || type === 'BUFFERED' ? type : 'COMMITTED',
        tableCreated: String(tableCreated),
        createdAt: Number(createdAt),
        rows: Number(rowCount),
        flushed: Number(flushed),
        finalized: finalized === true,
        ...(committedAt === null ? {} : { committedAt: Number(committedAt) }),
      })
    }
    registry.#removeLeftBatches()
    return registry
  }

  /** The table, or NOT_FOUND with TABLE_NOT_FOUND. Views cannot be written. */
  table(address: TableAddress): KeptTable {
    const entity = tableName(address)
    try {
      const table = this.#store.getTable(address)
      if (table.type === 'TABLE') return table
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      throw new WriteError(status.NOT_FOUND, `${error.message}.`, { storage: 'TABLE_NOT_FOUND', entity })
    }
    throw new WriteError(status.INVALID_ARGUMENT, 'Cannot write to a view.', { entity })
  }

  /** The stream, or NOT_FOUND with STREAM_NOT_FOUND; also when its table has been deleted since. */
  get(name: string): WriteStream {
    const { table } = parseStreamName(name)
    const stream = this.#streams.get(name)
    const created = this.table(table).creationTime
    if (stream?.tableCreated === created) return stream
    throw new WriteError(status.NOT_FOUND, 'Requested stream was not found.', {
      storage: 'STREAM_NOT_FOUND',
      entity: name,
    })
  }

  async create(address: TableAddress, type: StreamType, createdAt: number): Promise<WriteStream> {
    const { creationTime } = this.table(address)
    const id = randomBytes(24).toString('base64url')
    const name = `${tableName(address)}/streams/${id}`
    await this.#store.transaction((connection) =>
      connection.run('INSERT INTO _causeway.write_streams VALUES (?, ?, ?, ?, 0, 0, false, NULL)', [
        name,
        type,
        creationTime,
        BigInt(createdAt),
      ]),
    )
    return this.#restore({
      name,
      type,
      tableCreated: creationTime,
      createdAt,
      rows: 0,
      flushed: 0,
      finalized: false,
    })
  }

  /** Path of a file for rows on their way into a table at once. The caller removes it. */
  batchPath(): string {
    this.#batches += 1
    return join(this.#directory, `${this.#batches}${batchSuffix}`)
  }

  #restore(state: Omit<WriteStream, 'table' | 'journal'>): WriteStream {
    const { table, id } = parseStreamName(state.name)
    const journal = new RowJournal(join(this.#directory, `${id}.ndjson`))
    const stream: WriteStream = { ...state, table, journal }
    if (stream.committedAt !== undefined) journal.remove()
    else if (stream.type !== 'COMMITTED') stream.rows = journal.rows
    this.#streams.set(stream.name, stream)
    return stream
  }

  #removeLeftBatches(): void {
    for (const file of readdirSync(this.#directory)) {
      if (file.endsWith(batchSuffix)) rmSync(join(this.#directory, file))
    }
  }
}

/** Writes the state of a stream, in the caller's transaction. */
export async function writeState(connection: DuckDBConnection, stream: WriteStream): Promise<void> {
  const { rows, flushed, finalized, committedAt, name } = stream
  await connection.run(
    `UPDATE _causeway.write_streams
     SET row_count = $1, flushed = $2, finalized = $3, committed_at = $4 WHERE name = $5`,
    [BigInt(rows), BigInt(flushed), finalized, committedAt === undefined ? null : BigInt(committedAt), name],
  )
}
