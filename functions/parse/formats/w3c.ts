import type { FirstLines, Format } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser, type ParseResult, skipped } from '../../model/row-writer.ts'
import { readDateAndTime } from '../text/date-and-time.ts'
import { columnsOf } from '../text/delimited.ts'
import { type Field, float, integer, text } from '../text/fields.ts'
import { directiveColumn, fieldsDirective, isFieldsDirective } from '../text/fields-directive.ts'
import { fieldFinder, NamedFields } from '../text/named-fields.ts'

/**
 * The W3C extended log format as IIS and HTTP.sys write it: values between blanks, named by the last `#Fields` line;
 * a `+` is a blank, kept as it is. Columns have the names of IIS:
 * https://learn.microsoft.com/en-us/windows/win32/http/w3c-logging
 * https://www.w3.org/TR/WD-logfile [both 2026-11]
 */
const fields: readonly Field[] = [
  text('date', 'Date of the request, in UTC'),
  text('time', 'Time of the request, in UTC'),
  text('s_sitename', 'Service and site'),
  text('s_computername', 'Name of the server'),
  text('s_ip', 'Address of the server'),
  text('cs_method', 'HTTP method'),
  text('cs_uri_stem', 'Path of the URL'),
  text('cs_uri_query', 'Query string of the URL'),
  integer('s_port', 'Port of the server'),
  text('cs_username', 'User, where one logged in'),
  text('c_ip', 'Address of the client'),
  text('cs_version', 'HTTP version'),
  text('cs_user_agent', 'User-Agent header, with + for blanks'),
  text('cs_cookie', 'Cookie header'),
  text('cs_referer', 'Referer header'),
  text('cs_host', 'Host header'),
  integer('sc_status', 'Status code of the answer'),
  integer('sc_substatus', 'Substatus code'),
  integer('sc_win32_status', 'Windows status code'),
  integer('sc_bytes', 'Bytes sent'),
  integer('cs_bytes', 'Bytes received'),
  float('time_taken', 'Time the request took, as written: milliseconds in IIS'),
]

const space = 0x20
const hash = 0x23
const findField = fieldFinder(fields, directiveColumn)

const nameless: ParseResult = reject(
  'malformed',
  'no #Fields line above: another format, or cut off in front?',
)
const noTime: ParseResult = reject('bad_value', 'date and time are no TIMESTAMP')

export const w3c: Format = {
  name: 'w3c',
  delivery: 'none',
  about: 'W3C extended log format, as IIS writes it',
  columns: columnsOf(fields),
  paths: ['User-Agent', 'Cookie', 'Referer', 'Host'].map((name) => ({
    path: `cs(${name})`,
    column: directiveColumn(`cs(${name})`),
  })),
  app: { fields: ['s_sitename', 'cs_host', 's_computername'] },
  detection: { reads: 'kind', share: shareOfLines },
  parser: parserFor,
}

function parserFor(appFields: readonly string[]): LineParser {
  const line = new NamedFields(findField, space)
  return (bytes, start, end, row) => {
    if (bytes[start] === hash) {
      // A line of names that is not read leaves none: those above are no longer right.
      if (isFieldsDirective(bytes, start, end)) line.name(distinct(fieldsDirective(bytes, start, end) ?? []))
      return skipped('header')
    }
    if (line.named === 0) return nameless
    const unlike = line.split(bytes, start, end)
    if (unlike) return unlike
    if (line.count !== line.named)
      return reject('malformed', `${line.count} fields where #Fields names ${line.named}: cut off?`)
    const [date, time] = [line.rangeOf('date', bytes), line.rangeOf('time', bytes)]
    if (date && time) {
      const micros = readDateAndTime(
        bytes.subarray(date.start, date.end),
        bytes.subarray(time.start, time.end),
      )
      if (micros === undefined) return noTime
      row.eventTime(micros)
    }
    const fault = line.write(row, bytes, 'reject')
    if (fault) return fault
    const app = line.firstOf(appFields, bytes)
    if (app !== undefined) row.app(app)
    return inRow
  }
}

/** Of fields with one column the first has it; the others are named by their place, so that no value hides another. */
function distinct(names: readonly string[]): string[] {
  const columns = names.map(directiveColumn)
  return names.map((name, index) =>
    columns.indexOf(columns[index] ?? '') === index ? name : `${name} (${index + 1})`,
  )
}

const ofMicrosoft = /^#Software: Microsoft/

/** A file that IIS began, and nobody has asked for anything yet, has headers alone. */
function shareOfLines({ lines, head }: FirstLines): number | undefined {
  const headersAlone = lines.every((line) => line[0] === hash)
  return headersAlone && ofMicrosoft.test(head.toString('latin1', 0, 64)) ? 1 : undefined
}
