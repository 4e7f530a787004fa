import type { Detection, FirstLines } from '../../model/format.ts'
import type { LineParser } from '../../model/row-writer.ts'
import { type Framing, RecordCutter } from '../json/record-cutter.ts'
import { nullWriter } from './null-writer.ts'

/** Records looked at. */
const sampled = 50

/**
 * Detects a format of JSON records by the first records of a file, however the file lists them. A record counts as the
 * format's own when its parser takes it or skips it.
 * @param foreign what is in the text of another log's records, where the parser would take those too.
 */
export function recordDetection(
  framing: Framing,
  parser: () => LineParser,
  key?: RegExp,
  foreign = /$^/,
): Detection {
  const share = ({ head }: FirstLines) => {
    const parse = parser()
    const records = firstRecords(head, framing)
    const read = records.filter((record) => {
      const result = parse(record, 0, record.length, nullWriter)
      return result.kind !== 'reject' && !foreign.test(record.toString('latin1'))
    })
    if (records.length === 0) return listsNothing(head, framing) ? 1 : 0
    // Text between documents counts as records. When half of all is such text, this is not the format.
    return read.length * 2 > records.length ? read.length / records.length : 0
  }
  return { reads: 'own', share, ...(key && { key }) }
}

/** The first records of a file. */
export function firstRecords(head: Buffer, framing: Framing): Buffer[] {
  const cutter = new RecordCutter(framing, head.length)
  const blocks = [...cutter.cut(head), ...cutter.ended()]
  return blocks.flatMap((block) => (block.kind === 'records' ? block.records : [])).slice(0, sampled)
}

/** Whether a document has the list, and nothing in it. */
function listsNothing(head: Buffer, { list }: Framing): boolean {
  return (
    list !== undefined &&
    new RegExp(`^\\s*\\{\\s*"${list}"\\s*:\\s*\\[\\s*\\]`).test(head.toString('latin1', 0, 256))
  )
}
