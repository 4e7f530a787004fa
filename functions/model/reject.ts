import type { Explained } from './failure-codes.ts'

/** Why a line is in `rejects` instead of a table. A closed set: dashboards and alerts count by it. */
export const rejectClasses = {
  line_too_long: {
    means: 'The line is longer than a row can be.',
    todo: 'Find out why the app writes it. Its start is kept.',
  },
  malformed: {
    means: 'The line is not built as its format has it.',
    todo: 'See the reason: a cut-off file, another format among the lines, or a format that changed.',
  },
  bad_value: {
    means: 'A value is none that its column can hold.',
    todo: 'See the reason for the place in the line.',
  },
  row_too_large: {
    means: 'The row is larger than BigQuery takes.',
    todo: 'Drop large fields with `redact`, or shorten them in the app.',
  },
  user_error: {
    means: 'A function or expression of the source threw, gave no row, or took longer than a second.',
    todo: 'Mend it: the reason has its message.',
  },
} as const satisfies Readonly<Record<string, Explained>>

export type RejectClass = keyof typeof rejectClasses

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
