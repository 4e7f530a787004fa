import { status } from '@grpc/grpc-js'

/** A refusal as a gRPC client sees it: a status code and a message that says what to change. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly code: status
  /** What grpc-js sends to the caller. */
  readonly details: string

  constructor(code: status, details: string) {
    super(details)
    this.code = code
    this.details = details
  }
}

export const invalidArgument = (details: string) => new StatusError(status.INVALID_ARGUMENT, details)
export const notFound = (name: string) => new StatusError(status.NOT_FOUND, `Resource not found: ${name}`)
export const alreadyExists = (name: string) =>
  new StatusError(status.ALREADY_EXISTS, `Resource already exists: ${name}`)
export const failedPrecondition = (details: string) => new StatusError(status.FAILED_PRECONDITION, details)
export const unavailable = (details: string) => new StatusError(status.UNAVAILABLE, details)
export const notModelled = (what: string) =>
  new StatusError(status.UNIMPLEMENTED, `The local Pub/Sub does not model ${what}.`)
