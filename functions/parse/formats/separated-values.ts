import type { Format } from '../../model/format.ts'
import { type Reject, reject } from '../../model/reject.ts'
import { inRow, type LineParser, skipped } from '../../model/row-writer.ts'
import { readTime, timeNames } from '../json/event-time.ts'

const quote = 0x22
const maxValues = 4096

/**
 * The format of values between commas or tabs, below a header that names them; RFC 4180, but for line breaks within quotes: a line
 * is a row. What the columns are is the file's own affair and may differ from file to file, so all values are in
 * `rest` by their names, as text; empty ones and `-` are left out. The event_time is that of the first well-known time
 * name whose value is a time.
 */
export function separatedValues(name: string, about: string, separator: ',' | '\t'): Format {
  const byte = separator.charCodeAt(0)
  return {
    name,
    about,
    delivery: 'none',
    evolves: true,
    columns: [],
    app: { fields: ['app', 'service', 'service_name', 'component', 'application'] },
    detection: { reads: 'any', share: ({ lines }) => shareLikeHeader(lines, byte) },
    parser: (appFields) => parserFor(byte, appFields),
  }
}

function parserFor(separator: number, appFields: readonly string[]): LineParser {
  let names: readonly string[] | undefined
  return (bytes, start, end, row) => {
    const values = splitValues(bytes, start, end, separator)
    if ('kind' in values) return values
    if (!names) {
      names = headerNames(values)
      return skipped('header')
    }
    const named = names.flatMap((name, index): [string, unknown][] =>
      values[index] && values[index] !== '-' ? [[name, values[index]]] : [],
    )
    if (values.length > names.length) named.push(['extra_fields', values.slice(names.length)])
    const members = new Map(named)
    for (const name of timeNames) {
      const micros = readTime(members.get(name))
      if (micros === undefined) continue
      row.eventTime(micros)
      break
    }
    const app = appFields.map((name) => members.get(name)).find((value) => typeof value === 'string')
    if (typeof app === 'string') row.app(app)
    if (named.length > 0) row.rest(JSON.stringify(Object.fromEntries(named)))
    return inRow
  }
}

/** A column without a name, or with one that was used, is named by its position: so no value hides another. */
function headerNames(values: readonly string[]): string[] {
  const seen = new Set<string>(['extra_fields'])
  return values.map((value, index) => {
    const name = value.trim()
    const free = name !== '' && !seen.has(name) ? name : `column_${index + 1}`
    seen.add(free)
    return free
  })
}

/** The values of a line, unquoted; or what is wrong with it. */
function splitValues(bytes: Buffer, start: number, end: number, separator: number): string[] | Reject {
  const values: string[] = []
  for (let at = start; at <= end; at++) {
    if (values.length === maxValues)
      return reject('malformed', `${maxValues} values or more: another format?`)
    if (bytes[at] === quote && at < end) {
      const to = closingQuote(bytes, at + 1, end)
      if (to < 0)
        return reject('malformed', `the quote opened at byte ${at - start} is never closed on its line`)
      if (to + 1 < end && bytes[to + 1] !== separator)
        return reject('malformed', `text follows the quote closed at byte ${to - start}`)
      values.push(bytes.toString('utf8', at + 1, to).replaceAll('""', '"'))
      at = to + 1
    } else {
      let to = at
      while (to < end && bytes[to] !== separator) to++
      values.push(bytes.toString('utf8', at, to))
      at = to
    }
  }
  return values
}

/** The next quote that is not doubled; -1 without one. */
function closingQuote(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (bytes[at] !== quote) continue
    if (at + 1 === end || bytes[at + 1] !== quote) return at
    at += 1
  }
  return -1
}

/** A name starts with a letter and has no space in front, as text has after a comma. It may be empty. */
const likeName = /^([\p{L}_@][\p{L}\p{N}_@. /()#%-]{0,127})?$/u

/** Lines that begin so are logs without a header. */
const level = /^(trace|debug|info|notice|warn|warning|error|fatal|critical)$/i

/**
 * The share of lines that have as many values as the first, which must be names, at least two. One of them that stands
 * below itself is a value; all of them, as where files were put together, are the header again.
 */
function shareLikeHeader(lines: readonly Buffer[], separator: number): number {
  const [first, ...others] = lines
  const header = first ? splitValues(first, 0, first.length, separator) : undefined
  if (!Array.isArray(header) || !header.every((name) => likeName.test(name) && !level.test(name))) return 0
  if (header.filter((name) => name !== '').length < 2) return 0
  const rows = others
    .filter((line) => !first?.equals(line))
    .map((line) => splitValues(line, 0, line.length, separator))
    .filter(Array.isArray)
  if (rows.some((values) => values.some((value, index) => value !== '' && value === header[index]))) return 0
  return others.length === 0
    ? 0
    : rows.filter(({ length }) => length === header.length).length / others.length
}
