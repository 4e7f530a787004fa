/** An answer of the service that is not a success, in the terms of the JSON API's error document. */
export class GcsError extends Error {
  override readonly name = 'GcsError'
  readonly code: number
  readonly reason: string

  constructor(code: number, reason: string, message: string) {
    super(message)
    this.code = code
    this.reason = reason
  }

  /** The body of the answer. */
  document(): unknown {
    const { code, message, reason } = this
    return { error: { code, message, errors: [{ domain: 'global', reason, message }] } }
  }
}

export const invalid = (message: string): GcsError => new GcsError(400, 'invalid', message)

export const required = (parameter: string): GcsError =>
  new GcsError(400, 'required', `Required parameter: ${parameter}`)

export const noSuchBucket = (): GcsError =>
  new GcsError(404, 'notFound', 'The specified bucket does not exist.')

export const noSuchObject = (bucket: string, name: string): GcsError =>
  new GcsError(404, 'notFound', `No such object: ${bucket}/${name}`)

export const conditionNotMet = (): GcsError =>
  new GcsError(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.')

export const notModified = (): GcsError => new GcsError(304, 'notModified', 'Not Modified')

export const unavailable = (): GcsError =>
  new GcsError(503, 'backendError', 'The service is unavailable (injected fault). Please try again.')
