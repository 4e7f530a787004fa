import type { FailureCode } from './failure.ts'
import type { Explained } from './failure-codes.ts'

/** Why a message led to no load, though nothing went wrong. A closed set, with a sentence for people. */
export const ignoredReasons = {
  other_event_type: 'The message announces something else than a new object.',
  directory: 'The name ends with `/`: a folder as consoles make it.',
  empty_object: 'The object has no bytes.',
  excluded: "The source's `suffix` leaves it out.",
  not_a_log: 'Its key is of a file that services write beside logs: a test, a manifest, a marker.',
} as const satisfies Readonly<Record<string, string>>

export type IgnoredReason = keyof typeof ignoredReasons

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
  /** The copy was gone before it could be read, and stayed so: nothing of the object is loaded. */
  | { readonly kind: 'missing'; readonly reason: 'object_missing'; readonly detail: string }
  /** To be tried again. */
  | { readonly kind: 'retry'; readonly reason: FailureCode; readonly detail: string; readonly cause: unknown }

/** The answer to Pub/Sub. An object is on record in `causeway.objects` before its message is acknowledged. */
export const answers = {
  committed: 'acknowledge',
  duplicate: 'acknowledge',
  ignored: 'acknowledge',
  quarantined: 'acknowledge',
  missing: 'acknowledge',
  retry: 'deliver again',
} as const satisfies Record<Outcome['kind'], 'acknowledge' | 'deliver again'>

/** What each outcome means, for people. */
export const outcomes = {
  committed: { means: 'This delivery loaded the object: its rows can be queried.', todo: 'Nothing.' },
  duplicate: {
    means: 'The object was loaded before, or by another delivery meanwhile. It is only in the log.',
    todo: 'Nothing.',
  },
  ignored: { means: 'There is nothing to load.', todo: 'Nothing, unless the reason surprises you.' },
  quarantined: {
    means:
      'The object cannot be loaded, whoever tries. Nothing of it is loaded, except with `commit_refused`. Its message is kept.',
    todo: 'See the reason below.',
  },
  missing: {
    means: 'The copy was deleted or replaced before it could be read. Nothing of the object is loaded.',
    todo: 'If it was replaced, nothing: the new copy is announced by itself. If it was deleted, upload the object again.',
  },
  retry: {
    means: 'The message comes again, with growing delays. It is only in the log.',
    todo: 'Nothing, unless it stays: see the reason below.',
  },
} as const satisfies Record<Outcome['kind'], Explained>

/** Why a parser makes no row of a valid line: it is not an event. */
export const skipReasons = {
  header: 'It names the fields of the lines that follow.',
  envelope: 'It wraps the events that follow.',
  control_message: 'CloudWatch Logs tests with it whether the destination can be reached.',
  digest: "It is CloudTrail's digest of other files.",
} as const satisfies Readonly<Record<string, string>>

export type SkipReason = keyof typeof skipReasons

/** Why a line was left out on purpose: by its parser, because it is blank, or by the source's settings. */
export const filterReasons = {
  ...skipReasons,
  blank: 'It is empty.',
  sample: 'It is not in the share that `sample` keeps.',
  filter: "The source's `filter` leaves it out, or `map` makes nothing of it.",
} as const satisfies Readonly<Record<string, string>>

export type FilterReason = keyof typeof filterReasons

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
