import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, listValue } from '@duckdb/node-api'
import { status } from '@grpc/grpc-js'
import type { KeptTable, TableAddress } from '../store/resources.ts'
import type { BigQueryStore } from '../store/store.ts'
import { StoreError } from '../store/store-error.ts'
import { parseStreamName, tableName } from './resource-name.ts'
import { RowJournal } from './row-journal.ts'
import type { StreamLife } from './stream-life.ts'
import { WriteError } from './write-error.ts'
import type { StreamType, WriteStream } from './write-stream.ts'

const layout = `
  CREATE TABLE IF NOT EXISTS _causeway.write_streams
    (name VARCHAR NOT NULL, type VARCHAR NOT NULL, table_created VARCHAR NOT NULL, created_at BIGINT NOT NULL,
     row_count BIGINT NOT NULL, flushed BIGINT NOT NULL, finalized BOOLEAN NOT NULL, committed_at BIGINT);
  ALTER TABLE _causeway.write_streams ADD COLUMN IF NOT EXISTS used_at BIGINT`

const batchSuffix = '.batch.ndjson'

/**
 * All streams that are not forgotten. Their states are in DuckDB, beside the tables, so that rows and states change in
 * one transaction; rows that are not in a table yet are in journals under `<directory>/streams`.
 *
 * A stream that nobody has used for its life ({@link StreamLife}) is as if it had never been, and its rows with it
 * that are not in the table: at once for those who ask for it, on the disk some time later.
 */
export class StreamRegistry {
  readonly #store: BigQueryStore
  readonly #directory: string
  readonly #life: StreamLife
  readonly #streams = new Map<string, WriteStream>()
  #batches = 0
  #createdSinceSweep = 0

  private constructor(store: BigQueryStore, directory: string, life: StreamLife) {
    this.#store = store
    this.#directory = directory
    this.#life = life
  }

  static async open(store: BigQueryStore, directory: string, life: StreamLife): Promise<StreamRegistry> {
    const registry = new StreamRegistry(store, join(directory, 'streams'), life)
    mkdirSync(registry.#directory, { recursive: true })
    await store.transaction((connection) => connection.run(layout))
    const { rows } = await store.query(
      `SELECT name, type, table_created, created_at, row_count, flushed, finalized, committed_at, used_at
       FROM _causeway.write_streams`,
    )
    for (const [
      name,
      type,
      tableCreated,
      createdAt,
      rowCount,
      flushed,
      finalized,
      committedAt,
      usedAt,
    ] of rows) {
      registry.#restore({
        name: String(name),
        type: type === 'PENDING' || type === 'BUFFERED' ? type : 'COMMITTED',
        tableCreated: String(tableCreated),
        createdAt: Number(createdAt),
        usedAt: Number(usedAt ?? createdAt),
        rows: Number(rowCount),
        flushed: Number(flushed),
        finalized: finalized === true,
        ...(committedAt === null ? {} : { committedAt: Number(committedAt) }),
      })
    }
    registry.#removeLeftovers()
    await registry.#forget(registry.#over())
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

  /** The stream, or NOT_FOUND with STREAM_NOT_FOUND; also when its table has been deleted since. Prolongs its life. */
  get(name: string): WriteStream {
    const stream = this.peek(name)
    this.#life.prolong(stream)
    return stream
  }

  /** As {@link get}, but does not prolong the life of the stream. */
  peek(name: string): WriteStream {
    const { table } = parseStreamName(name)
    const created = this.table(table).creationTime
    const stream = this.#streams.get(name)
    if (stream && this.#life.isOver(stream)) void this.#forget([stream])
    else if (stream?.tableCreated === created) return stream
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
      connection.run('INSERT INTO _causeway.write_streams VALUES ($1, $2, $3, $4, 0, 0, false, NULL, $4)', [
        name,
        type,
        creationTime,
        BigInt(createdAt),
      ]),
    )
    this.#createdSinceSweep += 1
    // So seldom that each creation pays for a look at two streams.
    if (this.#createdSinceSweep * 2 >= this.#streams.size) void this.#forget(this.#over())
    return this.#restore({
      name,
      type,
      tableCreated: creationTime,
      createdAt,
      usedAt: createdAt,
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
    stream.usedAt = Math.max(stream.usedAt, journal.appendedAt)
    if (stream.committedAt !== undefined) journal.remove()
    else if (stream.type !== 'COMMITTED') stream.rows = journal.rows
    // A flush has happened when DuckDB has it. A process killed right after that has not told the journal.
    journal.drop(stream.flushed)
    this.#streams.set(stream.name, stream)
    return stream
  }

  #over(): WriteStream[] {
    this.#createdSinceSweep = 0
    return [...this.#streams.values()].filter((stream) => this.#life.isOver(stream))
  }

  /** At once, but for the traces on the disk. Never rejects: what fails is done by the next start. */
  async #forget(streams: readonly WriteStream[]): Promise<void> {
    if (streams.length === 0) return
    for (const { name } of streams) this.#streams.delete(name)
    const erased = this.#store.transaction(
      (connection) => eraseStates(connection, streams),
      () => {
        for (const { journal } of streams) journal.remove()
      },
    )
    await erased.catch(() => undefined)
  }

  /** What a killed process has left: rows on their way into a table, journals of streams it was forgetting. */
  #removeLeftovers(): void {
    const journals = new Set([...this.#streams.values()].flatMap(({ journal }) => journal.files))
    for (const file of readdirSync(this.#directory)) {
      const path = join(this.#directory, file)
      if (!journals.has(path)) rmSync(path)
    }
  }
}

/** Writes the state of a stream, in the caller's transaction. */
export async function writeState(connection: DuckDBConnection, stream: WriteStream): Promise<void> {
  const { rows, flushed, finalized, committedAt, usedAt, name } = stream
  const committed = committedAt === undefined ? null : BigInt(committedAt)
  await connection.run(
    `UPDATE _causeway.write_streams
     SET row_count = $1, flushed = $2, finalized = $3, committed_at = $4, used_at = $5 WHERE name = $6`,
    [BigInt(rows), BigInt(flushed), finalized, committed, BigInt(usedAt), name],
  )
}

async function eraseStates(connection: DuckDBConnection, streams: readonly WriteStream[]): Promise<void> {
  const names = listValue(streams.map(({ name }) => name))
  await connection.run('DELETE FROM _causeway.write_streams WHERE list_contains($1, name)', [names])
}
