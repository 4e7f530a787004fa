import { rmSync, writeFileSync } from 'node:fs'
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
    await this.#load(table, lines)
  }

  /** To a created stream, at `offset` or at its end. Returns the offset of the first row. */
  async toStream(stream: WriteStream, offset: number | undefined, lines: readonly string[]): Promise<number> {
    if (stream.type === 'COMMITTED') return this.#commit(stream, offset, lines)
    // Nothing is awaited between the check and the append, so no other request can come between them.
    const start = checkedOffset(stream, offset)
    if (lines.length > 0) stream.journal.append(lines)
    stream.rows = start + lines.length
    return start
  }

  /** Makes the rows of a BUFFERED stream visible up to, and with, the one at `offset`. */
  async flush(stream: WriteStream, offset: number): Promise<void> {
    const end = offset + 1
    if (offset < 0 || end > stream.rows) {
      throw new WriteError(
        status.OUT_OF_RANGE,
        `Flush offset ${offset} is beyond stream of ${stream.rows} rows.`,
        {
          storage: 'OFFSET_OUT_OF_RANGE',
          entity: stream.name,
        },
      )
    }
    if (end <= stream.flushed) return
    const lines = stream.journal.lines(stream.flushed, end)
    await this.#load(stream.table, lines, {
      advance: (state) => {
        if (state.flushed + lines.length !== end) throw new WriteError(status.ABORTED, 'Concurrent flush.')
        return { ...state, flushed: end }
      },
      stream,
    })
  }

  async #commit(stream: WriteStream, offset: number | undefined, lines: readonly string[]): Promise<number> {
    let start = 0
    await this.#load(stream.table, lines, {
      stream,
      advance: (state) => {
        start = checkedOffset(state, offset)
        return { ...state, rows: start + lines.length }
      },
    })
    return start
  }

  /** Rows into the table, and the stream into its next state, in one transaction. */
  async #load(
    table: TableAddress,
    lines: readonly string[],
    change?: { readonly stream: WriteStream; readonly advance: (state: WriteStream) => WriteStream },
  ): Promise<void> {
    const file = { path: this.#registry.batchPath(), longestLine: longestLineOf(lines) }
    writeFileSync(file.path, `${lines.join('\n')}\n`)
    try {
      await this.#store.transaction(
        async (connection) => {
          const next = change?.advance(change.stream)
          const columns = this.#registry.table(table).schema?.fields ?? []
          if (lines.length > 0) await loadRows(connection, table, columns, [file])
          if (next) await writeState(connection, next)
          return next
        },
        (next) => {
          if (next && change) Object.assign(change.stream, { rows: next.rows, flushed: next.flushed })
        },
      )
    } finally {
      rmSync(file.path)
    }
  }
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
