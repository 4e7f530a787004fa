import type { FilterReason } from '../../model/outcome.ts'
import type { Reject } from '../../model/reject.ts'
import { type Skipped, skipped } from '../../model/row-writer.ts'
import type { RejectedLine } from '../encode/reject-rows.ts'
import type { Sample } from './sample.ts'
import type { LineShaper, ReadLine, ShapedLine } from './shaped-lines.ts'

/** A line that is done or waits; or why it became nothing. */
export type LineResult = { readonly kind: 'taken' } | Skipped<FilterReason> | Reject

export const taken: LineResult = { kind: 'taken' }

/** Lines that wait for their source's own code. */
export interface WaitingLines {
  /** Whether enough wait to make the time limit cheap. */
  readonly isFull: boolean
  /**
   * Reads a line and has it wait. Gives the reason when it need not.
   * @param length that of the line as it was delivered, in bytes.
   */
  add(bytes: Buffer, start: number, end: number, line: number, length: number): LineResult
  /**
   * Runs the source's code over the lines that wait: what each became, in their order.
   * @throws Failure when it had to be cut off too often.
   */
  shape(): { readonly line: RejectedLine; readonly result: ShapedLine | Reject }[]
}

/** Few enough to hold. */
const mostWaiting = { lines: 1000, bytes: 1_000_000 }

/** @param sample decides which of the lines that were read are kept. */
export function waitingLines<Read extends ReadLine>(
  shaper: LineShaper<Read>,
  sample: Sample | undefined,
): WaitingLines {
  let waiting: { readonly read: Read; readonly line: RejectedLine }[] = []
  let waitingBytes = 0
  return {
    get isFull() {
      return waiting.length >= mostWaiting.lines || waitingBytes >= mostWaiting.bytes
    },
    add: (bytes, start, end, line, length) => {
      const read = shaper.readLine(bytes, start, end, line)
      if (read.kind !== 'read') return read
      if (sample?.(line) === false) return skipped('sample')
      waiting.push({ read, line: { line, bytes: bytes.subarray(start, end), length } })
      waitingBytes += length
      return taken
    },
    shape: () => {
      const lines = waiting
      waiting = []
      waitingBytes = 0
      if (lines.length === 0) return []
      const results = shaper.shape(lines.map(({ read }) => read))
      return results.map((result, index) => ({ line: (lines[index] as (typeof lines)[number]).line, result }))
    },
  }
}
