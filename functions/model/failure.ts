import { type FailureKind, failures } from './failure-codes.ts'

/** The stages of the bridge, in order. The same words name folders, log fields and tests. */
export type Stage = 'event' | 'dispatch' | 'transfer' | 'finalize' | 'parse' | 'split' | 'append' | 'commit'

export type FailureCode = keyof typeof failures

/** All codes, in the order of the stages. */
export const failureCodes = Object.keys(failures) as [FailureCode, ...FailureCode[]]

/** The one error type of the load path. Decide on `kind` and `code`, never on the message. */
export class Failure extends Error {
  readonly kind: FailureKind
  readonly stage: Stage
  readonly code: FailureCode

  constructor(kind: FailureKind, stage: Stage, code: FailureCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'Failure'
    this.kind = kind
    this.stage = stage
    this.code = code
  }
}

/** A service's refusal of a call for want of a permission: trying again cannot help, an operator can. */
export class PermissionDenied extends Error {
  readonly denied = true

  constructor(cause: unknown) {
    super(messageOf(cause), { cause })
    this.name = 'PermissionDenied'
  }
}

/** Whether a missing permission caused an error, however often it was wrapped. */
export function isDenied(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if ('denied' in one && one.denied === true) return true
  }
  return false
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
