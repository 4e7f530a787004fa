/** The stages of the bridge, in order. The same words name folders, log fields and tests. */
export type Stage = 'event' | 'dispatch' | 'transfer' | 'finalize' | 'parse' | 'split' | 'append' | 'commit'

/**
 * How far an error reaches.
 * - `object`: this object cannot be loaded, whoever tries: quarantined after its delivery attempts.
 * - `system`: nothing wrong with the object: tried again later.
 * A bad row is no failure; it is a reject (see reject.ts).
 */
export type FailureKind = 'object' | 'system'

export const failureCodes = [
  'not_a_notification',
  'unknown_bucket',
  'no_source',
  'past_ledger',
  'object_missing',
  'corrupt_gzip',
  'corrupt_zstd',
  'corrupt_parquet',
  'object_too_large',
  'unknown_format',
  'read_failed',
  'functions_stuck',
  'append_refused',
  'append_unavailable',
  'table_unavailable',
  'schema_behind',
  'commit_refused',
  'commit_unavailable',
  'stream_gone',
  'streams_exhausted',
  'group_failed',
  'offset_mismatch',
  'ledger_unavailable',
  'permission_denied',
  'claimed_elsewhere',
  'fenced',
  'circuit_open',
  'load_died',
  'shutting_down',
  'unexpected',
] as const

export type FailureCode = (typeof failureCodes)[number]

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

/** Whether an error came of a permission that is missing, whatever it was wrapped in since. */
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
