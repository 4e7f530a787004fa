import type { FailureCode } from './failure.ts'

/** Why a message led to no load, though nothing went wrong. */
export type IgnoredReason =
  | 'not_a_notification'
  | 'other_event_type'
  | 'unknown_bucket'
  | 'no_source'
  | 'directory'
  | 'empty_object'

/**
 * How one delivery of one message ended. A closed set, matched exhaustively.
 * Everything but `retry` is acknowledged, and recorded in `causeway.objects` before that.
 */
export type Outcome =
  | { readonly kind: 'committed'; readonly counts: LineCounts }
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason; readonly detail: string }
  | { readonly kind: 'quarantined'; readonly reason: FailureCode; readonly detail: string }

/** What became of an object's lines. `read` always equals the sum of the other three. */
export interface LineCounts {
  readonly read: number
  readonly written: number
  readonly filtered: number
  readonly rejected: number
}
