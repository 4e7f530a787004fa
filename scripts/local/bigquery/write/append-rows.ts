import { rmSync, writeFileSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { status } from '@grpc/grpc-js'
import type { TableAddress } from '../store/resources.ts'
import type { BigQueryStore } from '../store/store.ts'
import { loadRows, longestLineOf } from './load-rows.ts'
import { type StreamRegistry, writeState } from './stream-registry.ts'
import { invalidArgument, WriteError } from './write-error.ts'
import type { WriteStream } from './write-stream.ts'

/** Puts decoded rows where they belong. A request is there whole, and durably, when this returns, or not at all. */
export class RowAppender {
  readonly #store: BigQueryStore
  readonly #registry: StreamRegistry

  constructor(store: BigQueryStore, registry: StreamRegistry) {
    this.#store = store
    this.#registry = registry
  }

  /** To the `_default` stream: visible at once. */
  async toTable(table: TableAddress, lines: readonly string[]): Promise<void> {
    await this.#store.transaction((connection) => this.#insert(connection, table, lines))
  }

  /** To a created stream, at `offset` or at its end. Returns the offset of the first row. */
  async toStream(stream: WriteStream, offset: number | undefined, lines: readonly string[]): Promise<number> {
    if (stream.type === 'COMMITTED') return this.#commit(stream, offset, lines)
    // Nothing is awaited between the check and the append, so no other request can come between them.
    const start = checkedOffset(stream, offset)
    if (lines.length > 0) stream.journal.append(lines, stream.usedAt)
    stream.rows = start + lines.length
    return start
  }

  /**
   * Makes the rows of a BUFFERED stream visible up to, and with, the one at `offset`. What is looked at is the state
   * when its turn has come, so that of two flushes at once each row is in one. Appends meanwhile go on.
   */
  async flush(stream: WriteStream, offset: number): Promise<void> {
    await this.#store.transaction(
      async (connection) => {
        const { table, flushed, journal } = this.#registry.get(stream.name)
        const end = checkedFlush(stream, offset)
        await this.#insert(connection, table, journal.lines(flushed, end))
        await writeState(connection, { ...stream, flushed: end })
        return end
      },
      (end) => {
        stream.flushed = end
        stream.journal.drop(end)
      },
    )
  }

  #commit(stream: WriteStream, offset: number | undefined, lines: readonly string[]): Promise<number> {
    return this.#store.transaction(
      async (connection) => {
        const start = checkedOffset(stream, offset)
        await this.#insert(connection, stream.table, lines)
        await writeState(connection, { ...stream, rows: start + lines.length })
        return start
      },
      (start) => {
        stream.rows = start + lines.length
      },
    )
  }

  async #insert(connection: DuckDBConnection, table: TableAddress, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return
    const file = { path: this.#registry.batchPath(), longestLine: longestLineOf(lines) }
    writeFileSync(file.path, `${lines.join('\n')}\n`)
    try {
      await loadRows(connection, table, this.#registry.table(table).schema?.fields ?? [], [file])
    } finally {
      rmSync(file.path)
    }
  }
}

/**
 * The number of rows that are visible after a flush to `offset`.
 *
 * What each refusal is answered with is nowhere in the reference. Apache Beam's StorageApiFlushAndFinalizeDoFn takes
 * ALREADY_EXISTS for "already flushed up to this point" and INVALID_ARGUMENT for "already been finalized":
 * https://github.com/apache/beam/blob/master/sdks/java/io/google-cloud-platform/src/main/java/org/apache/beam/sdk/io/gcp/bigquery/StorageApiFlushAndFinalizeDoFn.java
 */
function checkedFlush({ name, finalized, flushed, rows }: WriteStream, offset: number): number {
  const entity = name
  if (finalized) {
    throw invalidArgument('Stream has been finalized and cannot be flushed.', {
      storage: 'STREAM_FINALIZED',
      entity,
    })
  }
  if (offset < 0 || offset >= rows) {
    throw new WriteError(status.OUT_OF_RANGE, `Flush offset ${offset} is beyond stream of ${rows} rows.`, {
      storage: 'OFFSET_OUT_OF_RANGE',
      entity,
    })
  }
  if (offset < flushed) {
    throw new WriteError(status.ALREADY_EXISTS, `The stream is flushed to offset ${flushed - 1} already.`, {
      storage: 'OFFSET_ALREADY_EXISTS',
      entity,
    })
  }
  return offset + 1
}

function checkedOffset(stream: WriteStream, offset: number | undefined): number {
  const entity = stream.name
  if (stream.committedAt !== undefined) {
    throw invalidArgument('Stream is already committed.', { storage: 'STREAM_ALREADY_COMMITTED', entity })
  }
  if (stream.finalized) {
    throw invalidArgument('Stream has been finalized and cannot be appended.', {
      storage: 'STREAM_FINALIZED',
      entity,
    })
  }
  if (offset === undefined || offset === stream.rows) return stream.rows
  const found = `expected offset ${stream.rows}, received ${offset}`
  if (offset < stream.rows) {
    throw new WriteError(status.ALREADY_EXISTS, `The offset is within stream, ${found}`, {
      storage: 'OFFSET_ALREADY_EXISTS',
      entity,
    })
  }
  throw new WriteError(status.OUT_OF_RANGE, `The offset is beyond stream, ${found}`, {
    storage: 'OFFSET_OUT_OF_RANGE',
    entity,
  })
}
