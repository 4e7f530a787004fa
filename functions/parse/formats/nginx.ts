import type { FirstLines, Format } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser, type ParseResult, type RowWriter } from '../../model/row-writer.ts'
import { shareOfRows } from '../detecting/format-sample.ts'
import { readTime } from '../json/event-time.ts'
import { parseJsonObject, toJson } from '../json/json-document.ts'
import { firstMember, writeMembers } from '../json/named-members.ts'
import { columnsOf, delimitedParser } from '../text/delimited.ts'
import { escapedQuotes } from '../text/escaped-quotes.ts'
import { spacedList } from '../text/fields.ts'
import { type LineHead, lineHeadOf } from '../text/line-head.ts'
import { fieldFinder } from '../text/named-fields.ts'
import { templateParser } from '../text/template-parser.ts'
import { virtualHostFields } from '../text/virtual-host.ts'
import { logFormatTemplate } from './log-format.ts'
import { clientInPlace, commonFields, forwardedFor, nginxFields } from './nginx-fields.ts'
import { nginxTail } from './nginx-tail.ts'

/**
 * Access logs of nginx and Apache in the formats `common` and `combined`, with more in front or behind, and nginx as
 * JSON; see https://nginx.org/en/docs/http/ngx_http_log_module.html and
 * https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples. Columns are named for nginx's variables.
 * What stands in front says `lineHeadOf`, and what behind says `nginxTail`.
 */
const columns = columnsOf(nginxFields)
const brace = 0x7b
const noHead: ParseResult = reject(
  'malformed',
  'no address, identity and user in front of the time: another format?',
)

/** The request is one member with three columns; the time comes under other names. */
const findField = fieldFinder(nginxFields, (name) => (name === 'request' ? 'request_verb' : name))
const timeColumn = columns.findIndex(({ name }) => name === 'time')
const timeNames = ['msec', 'time_iso8601', 'time_local', '@timestamp', 'timestamp', 'time']

/** Any service may log addresses and URIs as JSON: only these names are of nginx alone. */
const ownName = /"(?:body_bytes_sent|http_user_agent|http_referer|time_local|time_iso8601|msec|upstream_\w+)"/

export const nginx: Format = {
  name: 'nginx',
  delivery: 'none',
  about:
    'nginx and Apache, common and combined, with their virtual host or not, nginx as JSON, and any by `logFormat`',
  columns,
  paths: ['request_verb', 'request_url', 'request_proto'].map((column) => ({ path: 'request', column })),
  app: { fields: ['server_name', 'host'] },
  detection: { reads: 'kind', share: shareOfLines },
  settings: ['logFormat'],
  parser: (appFields, { logFormat } = {}) => {
    if (logFormat !== undefined) return templateParser(logFormatTemplate(logFormat), columns, appFields)
    const parsers = new Map<LineHead, LineParser>()
    return (bytes, start, end, row) => {
      if (bytes[start] === brace) return parseJson(bytes.toString('utf8', start, end), row, appFields)
      const head = lineHeadOf(bytes, start, end)
      if (!head) return noHead
      const parse = parsers.get(head) ?? parserBehind(head, appFields)
      parsers.set(head, parse)
      return parse(bytes, start, end, row)
    }
  },
}

function parserBehind({ host, list, client }: LineHead, appFields: readonly string[]): LineParser {
  const fields = [
    ...virtualHostFields.slice(0, host),
    ...(list ? [spacedList(forwardedFor)] : []),
    ...(client ? [clientInPlace] : []),
    ...commonFields,
  ]
  const tail = nginxTail
  return delimitedParser(fields, fields.length, appFields, { columns, span: escapedQuotes, tail })
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
