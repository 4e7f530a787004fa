/** Why a line is in `rejects` instead of a table. A closed set: dashboards and alerts count by it. */
export type RejectClass = 'line_too_long' | 'malformed' | 'bad_value' | 'row_too_large' | 'user_error'

/** A line that could not become a row. */
export interface Reject {
  readonly kind: 'reject'
  readonly errorClass: RejectClass
  /** One sentence with the place in the line; never the line itself. */
  readonly reason: string
}

/** @param reason see Reject. */
export function reject(errorClass: RejectClass, reason: string): Reject {
  return { kind: 'reject', errorClass, reason }
}
