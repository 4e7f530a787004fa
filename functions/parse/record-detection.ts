import type { Detection } from './format.ts'
import { nowhere } from './nowhere.ts'
import { type Framing, RecordCutter } from './record-cutter.ts'
import type { LineParser } from './row-writer.ts'

/** Records looked at. */
const sampled = 50

/**
 * Detection of a format of JSON records, however a file lists them: by the first ones, of which those are its own
 * that its parser takes or knows to skip.
 */
export function recordDetection(framing: Framing, parser: () => LineParser, key?: RegExp): Detection {
  const count = (_lines: readonly Buffer[], head: Buffer) => {
    const parse = parser()
    return firstRecords(head, framing).filter((record) => {
      const result = parse(record, 0, record.length, nowhere)
      return result === undefined || typeof result === 'string'
    }).length
  }
  return { reads: 'own', count, ...(key && { key }) }
}

function firstRecords(head: Buffer, framing: Framing): Buffer[] {
  const blocks = new RecordCutter(framing, head.length).cut(head)
  return blocks.flatMap((block) => (block.kind === 'records' ? block.records : [])).slice(0, sampled)
}
