import { byteOrderMark } from '../reading/byte-order-mark.ts'
import { likelyDelimiter, namedDelimiter, type SeparatedKind } from '../text/delimiters.ts'
import { isAt } from '../text/name-index.ts'
import { SeparatedCutter } from '../text/separated-records.ts'
import { SeparatedValues } from '../text/separated-values.ts'

/** Records looked at. */
const sampled = 50
const newline = 0x0a
const carriageReturn = 0x0d

/** A name starts with a letter and has no space in front, as text has after a comma. It may be empty. */
const likeName = /^([\p{L}_@][\p{L}\p{N}_@. /()#%\r\n-]{0,127})?$/u

/** Lines that begin so are logs without a header. */
const level = /^(trace|debug|info|notice|warn|warning|error|fatal|critical)$/i

/**
 * The share of a file's first records that have as many values as the first, which must be names, at least two. One of
 * them that stands below itself is a value; all of them, as where files were put together, are the header again.
 *
 * Text has pipes and semicolons too. So with another delimiter than the usual one all records must be alike, and below one
 * of the names there must be numbers, times or the like, which are no names.
 */
export function shareLikeHeader(head: Buffer, kind: SeparatedKind): number {
  const records = firstRecords(head, kind)
  const named = records[0] && namedDelimiter(records[0])
  const [first, ...others] = records.filter((record) => namedDelimiter(record) === undefined)
  if (!first || others.length === 0) return 0
  const delimiter = named ?? likelyDelimiter(lineOf(first), kind)
  const values = new SeparatedValues(delimiter)
  const textsOf = (record: Buffer) => {
    const quotes = kind.strict || record.includes(newline) ? 'strict' : 'lenient'
    return values.split(record, 0, record.length, quotes) ? undefined : values.texts()
  }
  const header = textsOf(first)
  if (!header?.every((name) => likeName.test(name) && !level.test(name))) return 0
  if (header.filter((name) => name !== '').length < 2) return 0
  const rows = others.filter((record) => !first.equals(record)).flatMap((record) => [textsOf(record) ?? []])
  if (rows.some((row) => row.some((value, index) => value !== '' && value === header[index]))) return 0
  const alike = rows.filter(({ length }) => length === header.length).length
  const isUsual = delimiter === kind.delimiters.charCodeAt(0)
  if (!isUsual && (alike < rows.length || !header.some((_, place) => isOfNumbers(rows, place)))) return 0
  return alike / others.length
}

/** Whether what stands at a place is never a name, as numbers and times are none. */
function isOfNumbers(rows: readonly (readonly string[])[], place: number): boolean {
  const values = rows.flatMap((row) => row[place] || [])
  return values.length > 0 && !values.some((value) => likeName.test(value))
}

/** Whole records, none blank, without byte order marks, which stand in the middle where files were put together. */
function firstRecords(head: Buffer, kind: SeparatedKind): Buffer[] {
  const blocks = new SeparatedCutter(kind, {}, head.length).cut(head)
  const records = blocks.flatMap((block) => {
    if (block.kind !== 'lines') return block.kind === 'records' ? block.records : []
    return linesOf(block.bytes)
  })
  return records
    .slice(0, sampled)
    .map((record) => (isAt(record, 0, byteOrderMark) ? record.subarray(byteOrderMark.length) : record))
}

function lineOf(record: Buffer): Buffer {
  const cut = record.indexOf(newline)
  return cut < 0 ? record : record.subarray(0, cut)
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < bytes.length && lines.length < sampled; ) {
    const cut = bytes.indexOf(newline, start)
    const end = bytes[cut - 1] === carriageReturn ? cut - 1 : cut
    if (end > start) lines.push(bytes.subarray(start, end))
    start = cut + 1
  }
  return lines
}
