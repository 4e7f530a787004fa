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

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
