/** Longest line that is parsed. ALB, CloudTrail and container logs stay far below it. */
export const maxLineBytes = 4 * 1024 * 1024

/** Most lines of a record that is joined of several. A stack trace of Java has up to 1,024 frames, and causes have traces. */
export const maxJoinedLines = 5_000

/**
 * A piece of an object on its way to the parser. A line is whatever the format counts: a line of text, or a record
 * of a document.
 */
export type LineBlock =
  | {
      readonly kind: 'lines'
      /** Whole lines; each ends with \n, but perhaps the object's last. */
      readonly bytes: Buffer
    }
  | {
      readonly kind: 'records'
      /** Whole records, of formats that do not end theirs with a newline. */
      readonly records: readonly Buffer[]
      /** Lines of text that they take together. As many as there are records, when absent. */
      readonly lines?: number
      /** The number in the object of each one's first line, from 1. Those that come next, when absent. */
      readonly at?: readonly number[]
    }
  | {
      readonly kind: 'overlong'
      /** The line's first `maxLineBytes` bytes. */
      readonly head: Buffer
      /** Length of the whole line in bytes. */
      readonly length: number
      /** Lines of text that it takes, if it is a record of several. One when absent. */
      readonly lines?: number
    }
