import { protos } from '@google-cloud/bigquery-storage'
import type { TableAddress } from '../store/resources.ts'
import type { BigQueryStore } from '../store/store.ts'
import { loadRows } from './load-rows.ts'
import { parseTableName, tableName } from './resource-name.ts'
import { type StreamRegistry, writeState } from './stream-registry.ts'
import { invalidArgument, type StorageErrorCode, WriteError } from './write-error.ts'
import type { WriteStream } from './write-stream.ts'

type StorageError = protos.google.cloud.bigquery.storage.v1.IStorageError
const codes = protos.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode

/** https://cloud.google.com/bigquery/quotas#write-api-limits, as of November 2026. */
const maxStreams = 10_000

export type CommitOutcome = { readonly committedAt: number } | { readonly errors: readonly StorageError[] }

/**
 * BatchCommitWriteStreams: the rows of all the streams, and their new states, in one transaction; or, when a single
 * one of them cannot be committed, none.
 */
export async function commitStreams(
  store: BigQueryStore,
  registry: StreamRegistry,
  request: { readonly parent: string; readonly names: readonly string[]; readonly now: number },
): Promise<CommitOutcome> {
  const table = checkedParent(request.parent, request.names)
  return store.transaction<CommitOutcome & { streams?: readonly WriteStream[] }>(
    async (connection) => {
      const columns = registry.table(table).schema?.fields ?? []
      const errors: StorageError[] = []
      const streams = request.names.flatMap((name) => committable(registry, name, errors))
      if (errors.length > 0) return { errors }
      const filled = streams.filter(({ rows }) => rows > 0).map(({ journal }) => journal)
      for (const journal of filled) journal.seal()
      await loadRows(connection, table, columns, filled)
      for (const stream of streams) await writeState(connection, { ...stream, committedAt: request.now })
      return { committedAt: request.now, streams }
    },
    ({ streams = [] }) => {
      for (const stream of streams) {
        stream.committedAt = request.now
        stream.journal.remove()
      }
    },
  )
}

function checkedParent(parent: string, names: readonly string[]): TableAddress {
  const table = parseTableName(parent)
  if (names.length === 0) throw invalidArgument('No write streams to commit.', { entity: parent })
  if (names.length > maxStreams) throw invalidArgument(`More than ${maxStreams} streams in one commit.`)
  if (new Set(names).size < names.length) throw invalidArgument('A stream is named twice in one commit.')
  const stranger = names.find((name) => !name.startsWith(`${tableName(table)}/streams/`))
  if (stranger !== undefined) {
    throw invalidArgument(`Stream ${stranger} does not belong to the table to commit.`, { entity: parent })
  }
  return table
}

/** The stream, or nothing and its error added to `errors`. */
function committable(registry: StreamRegistry, name: string, errors: StorageError[]): WriteStream[] {
  const refuse = (code: StorageErrorCode, errorMessage: string) => {
    errors.push({ code: codes[code], entity: name, errorMessage })
    return []
  }
  let stream: WriteStream
  try {
    stream = registry.get(name)
  } catch (error) {
    if (!(error instanceof WriteError)) throw error
    return refuse('STREAM_NOT_FOUND', error.message)
  }
  if (stream.type !== 'PENDING')
    return refuse('INVALID_STREAM_TYPE', 'Only a PENDING stream can be committed.')
  if (stream.committedAt !== undefined)
    return refuse('STREAM_ALREADY_COMMITTED', 'Stream is already committed.')
  if (!stream.finalized) return refuse('INVALID_STREAM_STATE', 'Stream is not finalized.')
  return [stream]
}
