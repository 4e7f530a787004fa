import { isIP } from 'node:net'
import type { Format, ParserOptions } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser } from '../../model/row-writer.ts'
import { columnsOf } from '../text/delimited.ts'
import { epochTime, type Field, integer, text } from '../text/fields.ts'
import { fieldFinder, NamedFields } from '../text/named-fields.ts'
import { cloudfrontColumn, cloudfrontFields } from './cloudfront.ts'

/**
 * Real-time logs of CloudFront, as Firehose writes them: values between tabs, without a header, of the fields that the
 * log configuration chooses. They stand in the order of this list, whatever order they were chosen in:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html#real-time-logs-fields [2026-11]
 * Columns are those of the standard logs where the names agree.
 */
const documentedNames =
  'timestamp c-ip s-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem cs-bytes x-edge-location x-edge-request-id x-host-header time-taken cs-protocol-version c-ip-version cs-user-agent cs-referer cs-cookie cs-uri-query x-edge-response-result-type x-forwarded-for ssl-protocol ssl-cipher x-edge-result-type fle-encrypted-fields fle-status sc-content-type sc-content-len sc-range-start sc-range-end c-port x-edge-detailed-result-type c-country cs-accept-encoding cs-accept cache-behavior-path-pattern cs-headers cs-header-names cs-headers-count primary-distribution-id primary-distribution-dns-name origin-fbl origin-lbl asn cmcd-encoded-bitrate cmcd-buffer-length cmcd-buffer-starvation cmcd-content-id cmcd-object-duration cmcd-deadline cmcd-measured-throughput cmcd-next-object-request cmcd-next-range-request cmcd-object-type cmcd-playback-rate cmcd-requested-maximum-throughput cmcd-streaming-format cmcd-session-id cmcd-stream-type cmcd-startup cmcd-top-bitrate cmcd-version r-host sr-reason x-edge-mqcs distribution-tenant-id connection-id'.split(
    ' ',
  )

/** Columns that standard logs have not, or with another meaning. */
const ownFields = new Map(
  [
    epochTime('timestamp', 'When the viewer was answered, to the millisecond', true),
    text('s_ip', 'Address of the edge server'),
    text('cs_uri_stem', 'Path and query string of the URL'),
    text('c_ip_version', 'IPv4 or IPv6'),
    text('cs_accept_encoding', 'Accept-Encoding header'),
    text('cs_accept', 'Accept header'),
    text('cs_headers', 'Headers of the request, cut off at 800 bytes'),
    text('cs_header_names', 'Names of the headers of the request, cut off at 800 bytes'),
    integer('cs_headers_count', 'Headers of the request'),
    text('primary_distribution_id', 'Id of the primary distribution'),
    text('primary_distribution_dns_name', 'Domain name of the primary distribution'),
    text('r_host', 'Domain name of the origin that answered'),
    text('sr_reason', 'Why that origin was chosen'),
    integer('x_edge_mqcs', 'Media quality confidence score'),
  ].map((field) => [field.columns[0]?.name ?? '', field] as const),
)
const standardFields = new Map(cloudfrontFields.map((field) => [field.columns[0]?.name ?? '', field]))
/** Fields whose place the list does not give. */
const otherNames = ['viewer-request-log-data', 'viewer-response-log-data']
const fields: readonly Field[] = [...documentedNames, ...otherNames].map((name) => {
  const column = cloudfrontColumn(name)
  return ownFields.get(column) ?? standardFields.get(column) ?? playerField(column)
})

/** Common Media Client Data, which a player sends: https://cdn.cta.tech/cta/media/media/resources/standards/pdfs/cta-5004-final.pdf */
function playerField(column: string): Field {
  return text(column, `${column.replace('cmcd_', '').replaceAll('_', ' ')} that the player sent (CMCD)`)
}

const tab = 0x09
const findField = fieldFinder(fields, cloudfrontColumn)
/** What some fields look like. Where a field is missing or too many, values behind it do not look so. */
const looks: readonly (readonly [column: string, isLike: (value: string) => boolean])[] = [
  ['timestamp', like(/^\d{10}(\.\d+)?$/)],
  ['c_ip', (value) => isIP(value) !== 0],
  ['s_ip', (value) => isIP(value) !== 0],
  ['cs_method', like(/^[A-Za-z-]+$/)],
  ['cs_protocol', like(/^(https?|wss?|grpcs?)$/)],
  ['cs_protocol_version', like(/^HTTP\//)],
  ['c_ip_version', like(/^IPv[46]$/)],
  ['x_edge_response_result_type', like(/^[A-Z]\w+$/)],
  ['x_edge_result_type', like(/^[A-Z]\w+$/)],
  ['x_edge_detailed_result_type', like(/^[A-Z]\w+$/)],
  ['c_country', like(/^[A-Z]{2}$/)],
]

function like(expression: RegExp): (value: string) => boolean {
  return (value) => expression.test(value)
}

export const cloudfrontRealtime: Format = {
  name: 'cloudfront-realtime',
  // Firehose delivers with a role of the user's.
  delivery: 'none',
  settings: ['fields'],
  choosesFields: true,
  about: 'CloudFront real-time logs with all fields, or those that `fields` names',
  columns: columnsOf(fields),
  paths: [{ path: 'cs-referer', column: 'cs_referrer' }],
  app: { fields: ['x_host_header', 'cs_host', 'primary_distribution_id'] },
  detection: { reads: 'own' },
  parser: parserFor,
}

function parserFor(appFields: readonly string[], { fields: chosen }: ParserOptions = {}): LineParser {
  const line = new NamedFields(findField, tab)
  line.name(chosen ? inDocumentedOrder(chosen) : documentedNames)
  const remedy = chosen ? 'see the `fields` of the source' : 'give the source `fields`'
  return (bytes, start, end, row) => {
    const unlike = line.split(bytes, start, end)
    if (unlike) return unlike
    if (line.count !== line.named)
      return reject('malformed', `${line.count} fields where ${line.named} are expected: ${remedy}`)
    for (const [column, isLike] of looks) {
      const at = line.rangeOf(column, bytes)
      if (at && !isLike(bytes.toString('latin1', at.start, Math.min(at.end, at.start + 64))))
        return reject('bad_value', `${column} has a value that it never has: ${remedy}`)
    }
    const fault = line.write(row, bytes, 'reject')
    if (fault) return fault
    const app = line.firstOf(appFields, bytes)
    if (app !== undefined) row.app(app)
    return inRow
  }
}

/** CloudFront keeps to its own order. Where a name is not in it, the order given is taken for the right one. */
function inDocumentedOrder(names: readonly string[]): readonly string[] {
  const place = (name: string) => documentedNames.indexOf(name.toLowerCase().replaceAll('_', '-'))
  return names.some((name) => place(name) < 0) ? names : names.toSorted((a, b) => place(a) - place(b))
}
