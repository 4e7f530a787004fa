import type { FirstLines, Format, FormatSettings, ParserOptions } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser, skipped } from '../../model/row-writer.ts'
import { firstTime, timeNamesIn } from '../json/event-time.ts'
import { quotedRecords } from '../reading/quoted-records.ts'
import { isOpen, namedSeparator, quote, separatorOf, splitValues } from '../text/separated.ts'
import { timeReader } from '../text/time-format.ts'

const newline = Buffer.from('\n')

/**
 * The format of values between commas or tabs: RFC 4180, with any separator, line ends within quotes, and a header that
 * names the values unless the source does. What the columns are is the file's own affair and may differ from file to
 * file, so all values are in `rest` by their names, as text; empty ones and `-` are left out. The event_time is that of
 * the first well-known time name whose value is a time.
 *
 * A record has as many values as there are names: another number says that values may stand under others' names.
 * @param separators those that a header is tried for, the usual one first.
 */
export function separatedValues(name: string, about: string, separators: readonly string[]): Format {
  const candidates = separators.map((separator) => separator.charCodeAt(0))
  const separatorFor = (first: Buffer, { delimiter }: FormatSettings) =>
    delimiter?.charCodeAt(0) ?? namedSeparator(first) ?? separatorOf(first, candidates)
  return {
    name,
    about,
    delivery: 'none',
    settings: ['delimiter', 'header', 'fields', 'time'],
    evolves: true,
    columns: [],
    app: { fields: ['app', 'service', 'service_name', 'component', 'application'] },
    detection: { reads: 'any', share: (first) => shareLikeHeader(first, candidates) },
    blocks: (bytes, settings) =>
      quotedRecords(bytes, quote, (first) => {
        const separator = separatorFor(first, settings)
        return (line, start, end, open) => isOpen(line, start, end, separator, open)
      }),
    parser: (appFields, options = {}) => parserFor(separatorFor, appFields, options),
  }
}

function parserFor(
  separatorFor: (first: Buffer, settings: FormatSettings) => number,
  appFields: readonly string[],
  options: ParserOptions,
): LineParser {
  let separator: number | undefined
  let names: Names | undefined
  let isHeaderDue = options.header !== false
  const time = options.time && { field: options.time.field, read: timeReader(options.time) }
  return (bytes, start, end, row) => {
    if (separator === undefined) {
      const first = bytes.subarray(start, end)
      separator = separatorFor(first, options)
      if (namedSeparator(first) !== undefined) return skipped('header')
    }
    const values = splitValues(bytes, start, end, separator)
    if ('kind' in values) return values
    if (isHeaderDue) {
      isHeaderDue = false
      names = new Names(options.fields ?? values, values)
      return skipped('header')
    }
    names ??= new Names(options.fields ?? values.map(() => ''))
    if (names.areHeader(values)) return skipped('header')
    // A separator behind the last value of each line.
    if (values.length === names.all.length + 1 && values.at(-1) === '') values.pop()
    if (values.length !== names.all.length)
      return reject('malformed', `${values.length} values, and there are ${names.all.length} names`)
    const cellOf = (name: string) => {
      const value = values[names?.all.indexOf(name) ?? -1]
      return value === '-' || value === '' ? undefined : value
    }
    const micros = time ? time.read(cellOf(time.field) ?? '') : firstTime(names.timeNames.map(cellOf))
    if (micros !== undefined) row.eventTime(micros)
    const app = appFields.map(cellOf).find((value) => value !== undefined)
    if (app !== undefined) row.app(app)
    const rest = names.restOf(values)
    if (rest !== '') row.rest(rest)
    return inRow
  }
}

/** The names of a file's values. */
class Names {
  readonly all: readonly string[]
  /** Those that may be the time of an event, the most specific first. */
  readonly timeNames: readonly string[]
  readonly #header: readonly string[] | undefined
  /** Each as a member of a JSON object begins. */
  readonly #members: readonly string[]

  /** @param header as it stands in the file, to know it again where files were put together. */
  constructor(names: readonly string[], header?: readonly string[]) {
    this.all = uniqueNames(names)
    this.timeNames = timeNamesIn(this.all)
    this.#header = header
    this.#members = this.all.map((name) => `${JSON.stringify(name)}:`)
  }

  areHeader(values: readonly string[]): boolean {
    const header = this.#header
    return (
      header !== undefined &&
      values.length === header.length &&
      values.every((value, index) => value === header[index])
    )
  }

  /** The text of a JSON object of the values that say something; empty when none does. */
  restOf(values: readonly string[]): string {
    let text = ''
    for (const [index, value] of values.entries()) {
      if (value === '' || value === '-') continue
      text += `${text === '' ? '{' : ','}${this.#members[index]}${JSON.stringify(value)}`
    }
    return text === '' ? '' : `${text}}`
  }
}

/** A value without a name, or with one that was used, is named by its position: so no value hides another. */
function uniqueNames(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.map((given, index) => {
    const name = given.trim()
    const free = name !== '' && !seen.has(name) ? name : `column_${index + 1}`
    seen.add(free)
    return free
  })
}

/** A name starts with a letter and has no space in front, as text has after a comma. It may be empty. */
const likeName = /^([\p{L}_@][\p{L}\p{N}_@. /()#%-]{0,127})?$/u

/** Lines that begin so are logs without a header. */
const level = /^(trace|debug|info|notice|warn|warning|error|fatal|critical)$/i

/**
 * The share of records that have as many values as the first, which must be names, at least two. One of them that stands
 * below itself is a value; all of them, as where files were put together, are the header again.
 */
function shareLikeHeader({ lines: all }: FirstLines, candidates: readonly number[]): number {
  const named = namedSeparator(all[0] ?? Buffer.alloc(0))
  const lines = named === undefined ? all : all.slice(1)
  const [first] = lines
  if (!first) return 0
  const separator = named ?? separatorOf(first, candidates)
  const header = splitValues(first, 0, first.length, separator)
  if (!Array.isArray(header) || !header.every((name) => likeName.test(name) && !level.test(name))) return 0
  if (header.filter((name) => name !== '').length < 2) return 0
  const others = recordsOf(lines, separator).slice(1)
  const rows = others
    .filter((line) => !first.equals(line))
    .map((line) => splitValues(line, 0, line.length, separator))
    .filter(Array.isArray)
  if (rows.some((values) => values.some((value, index) => value !== '' && value === header[index]))) return 0
  return others.length === 0
    ? 0
    : rows.filter(({ length }) => length === header.length).length / others.length
}

/** Lines with those they go on to behind a line end within quotes. The last may go on behind the sample. */
function recordsOf(lines: readonly Buffer[], separator: number): Buffer[] {
  const records: Buffer[] = []
  let open: Buffer[] = []
  for (const line of lines) {
    const goesOn = isOpen(line, 0, line.length, separator, open.length > 0)
    if (open.length > 0) open.push(newline)
    open.push(line)
    if (goesOn) continue
    records.push(open.length === 1 ? line : Buffer.concat(open))
    open = []
  }
  // A quote that nothing closes is part of its line, as when it is read.
  return [...records, ...open.filter((part) => part !== newline)]
}
