/** Why the store refused, in the words of BigQuery's own REST `reason`. */
export type StoreErrorReason = 'notFound' | 'duplicate' | 'invalid' | 'resourceInUse'

/** A refusal by the store. Nothing has changed. The message is worded as BigQuery words it. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly reason: StoreErrorReason

  constructor(reason: StoreErrorReason, message: string) {
    super(message)
    this.reason = reason
  }
}

export function invalid(message: string): StoreError {
  return new StoreError('invalid', message)
}
