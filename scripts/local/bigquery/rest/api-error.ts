import { InvalidQuery, NotFoundInQuery, Untranslatable } from '../sql/untranslatable.ts'
import { StoreError, type StoreErrorReason } from '../store/store-error.ts'

/** A refusal in the shape of BigQuery's REST API. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly reason: string

  constructor(status: number, reason: string, message: string) {
    super(message)
    this.status = status
    this.reason = reason
  }

  /** https://docs.cloud.google.com/bigquery/docs/error-messages [2026-11] */
  document(): unknown {
    const { message, reason, status: code } = this
    const status = code === 403 ? { status: 'PERMISSION_DENIED' } : {}
    return { error: { code, message, errors: [{ message, domain: 'global', reason }], ...status } }
  }

  /** As a failed job carries it. */
  errorProto(): { reason: string; message: string } {
    return { reason: this.reason, message: this.message }
  }
}

const statuses: Readonly<Record<StoreErrorReason, number>> = {
  notFound: 404,
  duplicate: 409,
  invalid: 400,
  resourceInUse: 400,
}

export const invalid = (message: string) => new ApiError(400, 'invalid', message)
export const notFound = (message: string) => new ApiError(404, 'notFound', message)
export const accessDenied = (message: string) =>
  new ApiError(403, 'accessDenied', `Access Denied: ${message}`)
export const notImplemented = (message: string) => new ApiError(501, 'notImplemented', message)
export const unavailable = () =>
  new ApiError(503, 'backendError', 'Error encountered during execution. Retrying may solve the problem.')

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof StoreError) return new ApiError(statuses[error.reason], error.reason, error.message)
  if (error instanceof NotFoundInQuery) return notFound(error.message)
  if (error instanceof InvalidQuery || error instanceof Untranslatable) return invalidQuery(error.message)
  return new ApiError(500, 'internalError', `The local stand-in of BigQuery failed: ${String(error)}`)
}

function invalidQuery(message: string): ApiError {
  return new ApiError(400, 'invalidQuery', message)
}

/** DuckDB's refusal of a translated query: most often the query's fault, such as a column that is not there. */
export function refusedByDuckDb(error: unknown): ApiError {
  const message = error instanceof Error ? error.message : String(error)
  const column = /Referenced column "(?<name>[^"]+)" not found/.exec(message)?.groups?.['name']
  if (column !== undefined) return invalidQuery(`Unrecognized name: ${column}`)
  return invalidQuery(`${message.split('\n')[0]} (DuckDB, under the local stand-in of BigQuery)`)
}
