import { vendedLogs } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { type Reject, reject } from '../../model/reject.ts'
import { inRow, type LineParser, type ParseResult, type RowWriter, skipped } from '../../model/row-writer.ts'
import { readTime } from '../json/event-time.ts'
import { parseJsonObject, toJson } from '../json/json-document.ts'
import { firstMember, memberText, writeMembers } from '../json/named-members.ts'
import { readDateAndTime } from '../text/date-and-time.ts'
import { columnsOf } from '../text/delimited.ts'
import { epochTime, type Field, float, integer, text } from '../text/fields.ts'
import { directiveColumn, fieldsDirective } from '../text/fields-directive.ts'
import { fieldFinder, NamedFields } from '../text/named-fields.ts'

/**
 * Standard logs of CloudFront, v1 and v2, as text with tabs or as JSON lines; values stay URL-encoded as delivered:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 * Column names are those of Athena's DDL for the same log. The order of the first 33 is that of v1, which older
 * files without a `#Fields` line end sooner: after 19, 24 or 26.
 */
const legacyFields: readonly Field[] = [
  text('date', 'Date the viewer was answered, in UTC'),
  text('time', 'Time the viewer was answered, in UTC'),
  text('x_edge_location', 'Edge location'),
  integer('sc_bytes', 'Bytes sent to the viewer'),
  text('c_ip', 'Address of the viewer'),
  text('cs_method', 'HTTP method'),
  text('cs_host', 'Domain name of the distribution'),
  text('cs_uri_stem', 'Path of the URL'),
  integer('sc_status', 'Status code of the answer; 000 when the viewer left before it'),
  text('cs_referrer', 'Referer header'),
  text('cs_user_agent', 'User-Agent header'),
  text('cs_uri_query', 'Query string of the URL'),
  text('cs_cookie', 'Cookie header'),
  text('x_edge_result_type', 'Hit, Miss, Error and others, after the last byte'),
  text('x_edge_request_id', 'Id of the request'),
  text('x_host_header', 'Host header'),
  text('cs_protocol', 'http, https, ws or wss'),
  integer('cs_bytes', 'Bytes the viewer sent'),
  float('time_taken', 'Seconds from the request to the last byte of the answer'),
  text('x_forwarded_for', 'X-Forwarded-For header'),
  text('ssl_protocol', 'TLS protocol'),
  text('ssl_cipher', 'TLS cipher'),
  text('x_edge_response_result_type', 'Hit, Miss, Error and others, before the answer'),
  text('cs_protocol_version', 'HTTP version'),
  text('fle_status', 'Outcome of field-level encryption'),
  integer('fle_encrypted_fields', 'Fields encrypted at field level'),
  integer('c_port', 'Port of the viewer'),
  float('time_to_first_byte', 'Seconds from the request to the first byte of the answer'),
  text('x_edge_detailed_result_type', 'The result type, or more detail of an error'),
  text('sc_content_type', 'Content-Type of the answer'),
  integer('sc_content_len', 'Content-Length of the answer'),
  integer('sc_range_start', 'Start of the range in the answer'),
  integer('sc_range_end', 'End of the range in the answer'),
]

/** Fields only v2 can be asked for. */
const newerFields: readonly Field[] = [
  epochTime('timestamp', 'When the viewer was answered'),
  epochTime('timestamp_ms', 'When the viewer was answered, to the millisecond'),
  text('distributionid', 'Id of the distribution'),
  text('distribution_tenant_id', 'Id of the distribution tenant'),
  text('connection_id', 'Id of the TLS connection'),
  integer('asn', 'Autonomous system of the viewer'),
  text('c_country', 'Country of the viewer'),
  text('cache_behavior_path_pattern', 'Path pattern of the cache behavior'),
  float('origin_fbl', 'Seconds to the first byte from the origin'),
  float('origin_lbl', 'Seconds to the last byte from the origin'),
  text('viewer_request_log_data', 'What a viewer request function logged'),
  text('viewer_response_log_data', 'What a viewer response function logged'),
]

/** Those of real-time logs with the same names are the same. */
export const cloudfrontFields: readonly Field[] = [...legacyFields, ...newerFields]
const fields = cloudfrontFields
const legacyNames = columnsOf(legacyFields).map(({ name }) => name)
/** The oldest files end with the query string. */
const oldestFieldCount = 12

const tab = 0x09
const hash = 0x23
const brace = 0x7b
const findField = fieldFinder(fields, cloudfrontColumn)
/** Fields that only CloudFront has. */
const common: ReadonlySet<string> = new Set(['date', 'time', 'timestamp'])
const own = new Set(columnsOf(fields).map(({ name }) => name)).difference(common)

/**
 * Whether a JSON object or Parquet with these columns is CloudFront's. Most of them must be known, as newer ones may have
 * been added, and some must be CloudFront's alone.
 */
function areOwn(columns: readonly string[]): boolean {
  const known = columns.filter((column) => own.has(column) || common.has(column))
  return known.length * 2 >= columns.length && known.some((column) => own.has(column))
}

export const cloudfront: Format = {
  name: 'cloudfront',
  delivery: vendedLogs,
  choosesFields: true,
  about: 'CloudFront standard logs: v1 with `#Fields` in any order or without, v2 JSON and Parquet',
  columns: columnsOf(fields),
  paths: [{ path: 'cs(Referer)', column: 'cs_referrer' }],
  app: { fields: ['x_host_header', 'cs_host', 'distributionid'] },
  // v1 under the user's own prefix; v2 under CloudFront's.
  detection: {
    reads: 'own',
    key: /(^|\/)E[A-Z0-9]{12,13}\.\d{4}(-\d\d){3}\.|(^|\/)AWSLogs\/(\d+\/)?CloudFront\//,
    parquet: (names) => areOwn(names.map(cloudfrontColumn)),
  },
  parser: parserFor,
}

function parserFor(appFields: readonly string[]): LineParser {
  const line = new NamedFields(findField, tab)
  let headed = false
  return (bytes, start, end, row) => {
    if (bytes[start] === brace) return parseJson(bytes.toString('utf8', start, end), row, appFields)
    if (bytes[start] === hash) {
      const names = fieldsDirective(bytes, start, end)
      if (names) line.name(names)
      headed ||= names !== undefined
      return skipped('header')
    }
    const unlike = line.split(bytes, start, end)
    if (unlike) return unlike
    const { count } = line
    const legacyCount = Math.min(count, legacyNames.length)
    if (!headed && line.named !== legacyCount) line.name(legacyNames.slice(0, legacyCount))
    if (count < (headed ? line.named : oldestFieldCount)) {
      return reject('malformed', `${count} fields where ${line.named} are expected: cut off?`)
    }
    const fault = writeTime(row, line, bytes, headed)
    if (fault) return fault
    line.write(row, bytes, 'rest')
    const app = line.firstOf(appFields, bytes)
    if (app !== undefined) row.app(app)
    return inRow
  }
}

/** `cs(Host)` and `cs-host` as `cs_host`, `timestamp(ms)` as `timestamp_ms`. */
export function cloudfrontColumn(name: string): string {
  const plain = directiveColumn(name)
  return plain === 'cs_referer' ? 'cs_referrer' : plain
}

/** The event_time is the finest there is. Without a header a line is detected by its time. */
function writeTime(row: RowWriter, line: NamedFields, bytes: Buffer, headed: boolean): Reject | undefined {
  const epoch = line.rangeOf('timestamp_ms', bytes) ?? line.rangeOf('timestamp', bytes)
  const precise = epoch && readTime(bytes.toString('latin1', epoch.start, epoch.end))
  const [date, time] = [line.rangeOf('date', bytes), line.rangeOf('time', bytes)]
  if (!headed && !(date && time)) return reject('malformed', 'no date and time: another format?')
  if (precise !== undefined) row.eventTime(precise)
  else if (date && time) {
    const micros = readDateAndTime(bytes.subarray(date.start, date.end), bytes.subarray(time.start, time.end))
    if (micros === undefined) return noTime
    row.eventTime(micros)
  }
  return undefined
}

const noTime: Reject = reject('bad_value', 'date and time are no TIMESTAMP')
function parseJson(content: string, row: RowWriter, appFields: readonly string[]): ParseResult {
  const document = parseJsonObject(content)
  if (!document) return reject('malformed', 'the line is no JSON object: cut off?')
  const byColumn = Object.fromEntries(
    Object.entries(document).map(([name, value]) => [cloudfrontColumn(name), value]),
  )
  if (!areOwn(Object.keys(byColumn)))
    return reject('malformed', "most fields of the JSON object are not CloudFront's: another format?")
  const [date, time] = [memberText(byColumn['date']), memberText(byColumn['time'])]
  const micros =
    readTime(byColumn['timestamp_ms']) ??
    readTime(byColumn['timestamp']) ??
    readDateAndTime(Buffer.from(date ?? ''), Buffer.from(time ?? ''))
  if (micros === undefined && date !== undefined && time !== undefined) return noTime
  if (micros !== undefined) row.eventTime(micros)
  const rest = writeMembers(row, document, findField)
  if (rest.length > 0) row.rest(toJson(Object.fromEntries(rest)))
  const app = firstMember(byColumn, appFields)
  if (app !== undefined) row.app(app)
  return inRow
}
