import type { FailureCode } from './failure.ts'

/** Why a message led to no load, though nothing went wrong. */
export type IgnoredReason = 'other_event_type' | 'directory' | 'empty_object' | 'excluded'

/** How one delivery of one message ended. A closed set, matched exhaustively. */
export type Outcome =
  /** This delivery loaded the object. */
  | { readonly kind: 'committed'; readonly counts: LineCounts }
  /** The object was loaded before, or by another delivery meanwhile. */
  | { readonly kind: 'duplicate' }
  /** There is nothing to load. */
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason; readonly detail: string }
  /**
   * The object cannot be loaded, whoever tries, and its message is kept for replay. Nothing of it is loaded; but with
   * `commit_refused` it is sealed, and of all its tables only those are visible whose streams BigQuery still has.
   */
  | { readonly kind: 'quarantined'; readonly reason: FailureCode; readonly detail: string }
  /** To be tried again. */
  | { readonly kind: 'retry'; readonly reason: FailureCode; readonly detail: string; readonly cause: unknown }

/** What Pub/Sub is told. What is acknowledged is on record in `causeway.objects` before. */
export const answers = {
  committed: 'acknowledge',
  duplicate: 'acknowledge',
  ignored: 'acknowledge',
  quarantined: 'acknowledge',
  retry: 'deliver again',
} as const satisfies Record<Outcome['kind'], 'acknowledge' | 'deliver again'>

/** Why a parser makes no row of a line that is as it should be: it tells of no event. */
export type SkipReason = 'header' | 'envelope' | 'control_message' | 'digest'

/** Why a line was left out on purpose: by its parser, for saying nothing, or as the source has it. */
export type FilterReason = SkipReason | 'blank' | 'sample' | 'filter'

/** What became of an object's lines. `read` always equals the sum of the other three. */
export interface LineCounts {
  readonly read: number
  readonly written: number
  readonly filtered: number
  readonly rejected: number
}

/** What shaping did to rows beyond the lines it filtered. */
export interface ShapeCounts {
  /** Rows beyond the first that `map` made of a line: a table holds `written` and these. */
  readonly extraRows: number
  /** Values that did not fit their column and are in `rest` instead. */
  readonly misfits: number
  /** Fields without a column that were dropped, as the source's contract has it. */
  readonly discarded: number
}
