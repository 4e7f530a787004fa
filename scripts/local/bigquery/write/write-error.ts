import { protos } from '@google-cloud/bigquery-storage'
import { Metadata, type ServiceError, status } from '@grpc/grpc-js'

const { StorageError, RowError } = protos.google.cloud.bigquery.storage.v1
const { Status } = protos.google.rpc

export type StorageErrorCode = keyof typeof StorageError.StorageErrorCode

/** What is wrong with one row of a request. */
export interface RowFault {
  readonly index: number
  readonly message: string
}

interface Details {
  readonly storage?: StorageErrorCode
  /** Name of the table or stream that failed. */
  readonly entity?: string
  readonly rows?: readonly RowFault[]
}

/** A refusal by the Write API: nothing has been written. */
export class WriteError extends Error {
  override readonly name = 'WriteError'
  readonly code: status
  readonly details: Details

  constructor(code: status, message: string, details: Details = {}) {
    super(details.entity === undefined ? message : `${message} Entity: ${details.entity}`)
    this.code = code
    this.details = details
  }

  /** The `StorageError` that tells a program what happened; undefined when there is none for it. */
  storageError(): protos.google.cloud.bigquery.storage.v1.IStorageError | undefined {
    const { storage, entity = '' } = this.details
    return storage && { code: StorageError.StorageErrorCode[storage], entity, errorMessage: this.message }
  }

  /** As `AppendRowsResponse.error`. */
  toStatus(): protos.google.rpc.IStatus {
    const detail = this.storageError()
    const details = detail && {
      type_url: 'type.googleapis.com/google.cloud.bigquery.storage.v1.StorageError',
      value: StorageError.encode(detail).finish(),
    }
    return { code: this.code, message: this.message, details: details ? [details] : [] }
  }

  /** As `AppendRowsResponse.row_errors`. */
  rowErrors(): protos.google.cloud.bigquery.storage.v1.IRowError[] {
    const code = RowError.RowErrorCode.FIELDS_ERROR
    return (this.details.rows ?? []).map((fault) => ({ ...fault, code }))
  }

  /** As the status of a call, with the trailers in which the service puts the same details. */
  toServiceError(): ServiceError {
    const metadata = new Metadata()
    const detail = this.storageError()
    metadata.set('grpc-status-details-bin', Buffer.from(Status.encode(this.toStatus()).finish()))
    if (detail) {
      const bytes = Buffer.from(StorageError.encode(detail).finish())
      metadata.set('google.cloud.bigquery.storage.v1.storageerror-bin', bytes)
    }
    return Object.assign(new Error(this.message), { code: this.code, details: this.message, metadata })
  }
}

export function invalidArgument(message: string, details?: Details): WriteError {
  return new WriteError(status.INVALID_ARGUMENT, message, details)
}

export function unavailable(): WriteError {
  return new WriteError(status.UNAVAILABLE, 'The service is currently unavailable.')
}

/** Anything thrown, as what the service answers: INTERNAL for what it did not foresee. */
export function asWriteError(error: unknown): WriteError {
  return error instanceof WriteError ? error : new WriteError(status.INTERNAL, String(error))
}
