import type { TableAddress } from '../store/resources.ts'
import type { RowJournal } from './row-journal.ts'

export type StreamType = 'COMMITTED' | 'PENDING' | 'BUFFERED'

/**
 * A stream made by CreateWriteStream.
 *
 *     open -- FinalizeWriteStream --> finalized -- BatchCommitWriteStreams (PENDING only) --> committed
 *
 * Rows of a COMMITTED stream are in the table when they are acknowledged. Those of the others wait in the journal:
 * of a PENDING stream until the commit, of a BUFFERED one until a flush passes them. No flush passes rows of a stream
 * that is finalized.
 */
export interface WriteStream {
  readonly name: string
  readonly table: TableAddress
  /** Creation time of the table, which tells it from a later one of the same name. */
  readonly tableCreated: string
  readonly type: StreamType
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Time of the last request for it, in milliseconds since 1970: see `stream-life.ts`. */
  usedAt: number
  readonly journal: RowJournal
  /** Rows acknowledged so far, which is the offset of the next. */
  rows: number
  /** BUFFERED: rows that are in the table. */
  flushed: number
  finalized: boolean
  /** Milliseconds since 1970. */
  committedAt?: number
}
