import { isIP } from 'node:net'
import type { FirstLines, Format } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type ParseResult, type RowWriter } from '../../model/row-writer.ts'
import { shareOfRows } from '../detecting/format-sample.ts'
import { readTime } from '../json/event-time.ts'
import { parseJsonObject, toJson } from '../json/json-document.ts'
import { firstMember, writeMembers } from '../json/named-members.ts'
import { columnsOf, delimitedParser } from '../text/delimited.ts'
import { escapedQuotes } from '../text/escaped-quotes.ts'
import {
  type Field,
  float,
  integer,
  logTime,
  quotedOrExtra,
  request,
  text,
  textUntilBracket,
} from '../text/fields.ts'
import { fieldFinder } from '../text/named-fields.ts'
import { readFloat, readInteger } from '../text/numbers.ts'
import { countVirtualHostFields, virtualHostFields } from '../text/virtual-host.ts'

/**
 * Access logs of nginx in its `combined` format, alone or with one field behind it, and of Apache and others in the
 * same, with the virtual host in front or not; see https://nginx.org/en/docs/http/ngx_http_log_module.html and
 * https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples. Columns are named for nginx's variables.
 */
const combinedFields: readonly Field[] = [
  onlyIf(isNoList, 'one address', text('remote_addr', 'Address of the client')),
  onlyIf(isIdentity, 'identity', text('remote_logname', 'Identity by RFC 1413; nginx has none')),
  onlyIf(isUser, 'user', textUntilBracket('remote_user', 'User name of Basic authentication')),
  logTime('time', 'When the request was answered'),
  request(),
  integer('status', 'Status code of the answer'),
  integer('body_bytes_sent', 'Bytes of the body sent'),
  quotedOrExtra(text('http_referer', 'Referer header, escapes kept')),
  quotedOrExtra(text('http_user_agent', 'User-Agent header, escapes kept')),
]

/** What may stand behind `combined`: see `fieldBehindCombined`. */
const behindFields: readonly Field[] = [
  text('http_x_forwarded_for', 'X-Forwarded-For header'),
  float('gzip_ratio', 'Compression ratio'),
  integer('request_length', 'Bytes of the request'),
  float('request_time', 'Seconds from the first byte of the request to the answer'),
]

/** What a JSON format is likely to have besides, by nginx's variables. */
const jsonFields: readonly Field[] = [
  text('host', 'Host of the request'),
  ...virtualHostFields,
  text('request_id', 'Id of the request'),
  text('upstream_addr', 'Servers tried, as nginx lists them'),
  text('upstream_status', 'Their status codes, as nginx lists them'),
  text('upstream_response_time', 'Seconds each took, as nginx lists them'),
]

const fields = [...combinedFields, ...behindFields, ...jsonFields]
const quote = 0x22
const brace = 0x7b
const point = 0x2e
const comma = 0x2c
/** Apache's `common` format ends with the size. */
const oldestFieldCount = 7
const lineOptions = { columns: columnsOf(fields), span: escapedQuotes }

/** The request is one member with three columns; the time comes under other names. */
const findField = fieldFinder(fields, (name) => (name === 'request' ? 'request_verb' : name))
const timeColumn = columnsOf(fields).findIndex(({ name }) => name === 'time')
const timeNames = ['msec', 'time_iso8601', 'time_local', '@timestamp', 'timestamp', 'time']

/** Any service may log addresses and URIs as JSON: only these names are of nginx alone. */
const ownName = /"(?:body_bytes_sent|http_user_agent|http_referer|time_local|time_iso8601|msec|upstream_\w+)"/

export const nginx: Format = {
  name: 'nginx',
  delivery: 'none',
  about: 'nginx and Apache, common and combined, with their virtual host or not, and nginx as JSON',
  columns: columnsOf(fields),
  paths: ['request_verb', 'request_url', 'request_proto'].map((column) => ({ path: 'request', column })),
  app: { fields: ['server_name', 'host'] },
  detection: { reads: 'kind', share: shareOfLines },
  parser: (appFields) => {
    const lineFields = [...combinedFields, fieldBehindCombined()]
    const parserBehind = (host: readonly Field[]) =>
      delimitedParser([...host, ...lineFields], oldestFieldCount + host.length, appFields, lineOptions)
    const [name] = virtualHostFields
    const lineParsers = [parserBehind([]), parserBehind([name]), parserBehind(virtualHostFields)] as const
    return (bytes, start, end, row) => {
      if (bytes[start] === brace) return parseJson(bytes.toString('utf8', start, end), row, appFields)
      return lineParsers[countVirtualHostFields(bytes, start, end)](bytes, start, end, row)
    }
  },
}

type Check = (bytes: Buffer, start: number, end: number) => boolean

/** A field of lines whose layout is this one: what fails the check stands where another layout has something else. */
function onlyIf(check: Check, holds: string, field: Field): Field {
  const write: Field['write'] = (row, column, bytes, start, end) =>
    check(bytes, start, end) && field.write(row, column, bytes, start, end)
  return { ...field, holds, write }
}

/** A list of clients and proxies is X-Forwarded-For, which some layouts have in front. */
function isNoList(bytes: Buffer, start: number, end: number): boolean {
  const at = bytes.indexOf(comma, start)
  return at < 0 || at >= end
}

/** Never an address: where one stands, something else is in front of the client. */
function isIdentity(bytes: Buffer, start: number, end: number): boolean {
  return isNoList(bytes, start, end) && isIP(bytes.toString('latin1', start, Math.min(end, start + 64))) === 0
}

/** A name may have spaces, but no field of its own among them. */
function isUser(bytes: Buffer, start: number, end: number): boolean {
  return !/(^| )-( |$)/.test(bytes.toString('latin1', start, end))
}

/**
 * The field behind `combined`, where there is one: in quotes it is the client by a proxy, as in nginx's own
 * configuration, or with a point the compression ratio of the manual; bare, with a point, it is the time the request took,
 * and a whole number in front of such a time is the length of the request, as in ingress-nginx. Anything else does not say
 * what it is: a number alone may be Apache's `%D`, in microseconds.
 */
function fieldBehindCombined(): Field {
  return {
    columns: columnsOf(behindFields),
    orExtra: true,
    write: (row, column, bytes, start, end) =>
      bytes[start - 1] === quote
        ? writeQuoted(row, column, bytes, start, end)
        : writeBare(row, column, bytes, start, end),
  }
}

function writeQuoted(row: RowWriter, column: number, bytes: Buffer, start: number, end: number): boolean {
  const ratio = readFloat(bytes, start, end)
  if (ratio === undefined) row.text(column, bytes, start, end)
  else if (hasPoint(bytes, start, end)) row.float(column + 1, ratio)
  else return false
  return true
}

function writeBare(row: RowWriter, column: number, bytes: Buffer, start: number, end: number): boolean {
  const length = isBeforeSeconds(bytes, end) ? readInteger(bytes, start, end) : undefined
  const seconds = hasPoint(bytes, start, end) ? readFloat(bytes, start, end) : undefined
  if (length !== undefined) row.integer(column + 2, length)
  else if (seconds !== undefined) row.float(column + 3, seconds)
  return length !== undefined || seconds !== undefined
}

function isBeforeSeconds(bytes: Buffer, end: number): boolean {
  return /^ \d{1,9}\.\d{1,9}(?![^ \r\n])/.test(bytes.toString('latin1', end, end + 24))
}

function hasPoint(bytes: Buffer, start: number, end: number): boolean {
  return bytes.subarray(start, end).includes(point)
}

function shareOfLines({ lines }: FirstLines): number {
  return shareOfRows(nginx, lines, (line) => line[0] !== brace || ownName.test(line.toString('latin1')))
}

function parseJson(content: string, row: RowWriter, appFields: readonly string[]): ParseResult {
  const document = parseJsonObject(content)
  if (!document) return reject('malformed', 'the line is no JSON object: cut off?')
  if (!Object.hasOwn(document, 'remote_addr') && !Object.hasOwn(document, 'request_uri'))
    return reject('malformed', 'no member remote_addr or request_uri: another format?')
  const timeName = timeNames.find((name) => readTime(document[name]) !== undefined)
  const { [timeName ?? '']: time, ...others } = document
  const micros = readTime(time)
  if (micros !== undefined) {
    row.timestamp(timeColumn, micros)
    row.eventTime(micros)
  }
  const rest = writeMembers(row, others, findField)
  if (rest.length > 0) row.rest(toJson(Object.fromEntries(rest)))
  const app = firstMember(document, appFields)
  if (app !== undefined) row.app(app)
  return inRow
}
