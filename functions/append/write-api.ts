import type { RowDescriptor } from '../split/encode/descriptor.ts'

/**
 * What the loader needs of the BigQuery Storage Write API, one method a call of the service and no retries inside:
 * the loader decides on those. Errors are `WriteApiError`s.
 * https://docs.cloud.google.com/bigquery/docs/write-api
 */
export interface WriteApi {
  /** Makes a BUFFERED stream for a table; its rows are invisible until flushed. Gives the stream's name. */
  createStream(table: TableId): Promise<string>
  /** Opens a connection for appending. An application stream takes one at a time: opening another ends the first. */
  open(stream: string, descriptor: RowDescriptor): AppendConnection
  /**
   * Makes the rows of a BUFFERED stream visible up to and with the one at `offset`. Once they are, the call is
   * answered ALREADY_EXISTS; once the stream is finalized, INVALID_ARGUMENT.
   */
  flush(stream: string, offset: number): Promise<void>
  /** Makes the rows of finalized PENDING streams of one table visible, all or none: see `flush-group.ts`. */
  commit(table: TableId, streams: readonly string[]): Promise<CommitReply>
  /** The name of a table's default stream: rows are visible once appended, at least once. */
  defaultStream(table: TableId): string
}

/** A table by dataset and name, in the project of the client. */
export interface TableId {
  readonly dataset: string
  readonly name: string
}

/** One connection. It never rejects and never throws: whatever happens to it is a reply. */
export interface AppendConnection {
  /**
   * Appends rows at an offset (without one: at the end). Replies come in the order of the calls.
   * After a `lost` reply the connection is dead and answers `lost` to everything.
   */
  append(rows: readonly Buffer[], offset: number | undefined): Promise<AppendReply>
  close(): void
}

/** How one append was answered. */
export type AppendReply =
  /** `offset` is where the service says the first row is; absent on a default stream. */
  | { readonly kind: 'appended'; readonly offset?: number }
  /** No row of the request was appended. */
  | {
      readonly kind: 'refused'
      readonly code: GrpcCode
      readonly storageError: string | undefined
      readonly message: string
    }
  /** The call ended. Without a reason in it (`storageError`) the rows may have been appended or not. */
  | {
      readonly kind: 'lost'
      readonly code: GrpcCode
      readonly storageError?: string | undefined
      readonly message: string
    }

/** Committed, or the service's reason per stream; nothing is committed then. */
export type CommitReply =
  | { readonly kind: 'committed' }
  | {
      readonly kind: 'refused'
      readonly errors: readonly { readonly code: string; readonly message: string }[]
    }

/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
export type GrpcCode = number
export const grpc = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const satisfies Record<string, GrpcCode>

/** A call of the Storage Write API that was answered with an error. */
export class WriteApiError extends Error {
  readonly code: GrpcCode
  /** The name of the service's own reason, such as `STREAM_NOT_FOUND`, when it gave one. */
  readonly storageError: string | undefined

  constructor(code: GrpcCode, message: string, cause?: unknown, storageError?: string) {
    super(message, { cause })
    this.name = 'WriteApiError'
    this.code = code
    this.storageError = storageError
  }

  /** Whether it was refused for want of a permission. */
  get denied(): boolean {
    return this.code === grpc.permissionDenied
  }
}

/** What an append came to, as the error of a call; undefined when the rows were appended. */
export function errorOf(reply: AppendReply): WriteApiError | undefined {
  return reply.kind === 'appended'
    ? undefined
    : new WriteApiError(reply.code, reply.message, undefined, reply.storageError)
}
