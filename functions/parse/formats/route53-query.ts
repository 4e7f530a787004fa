import type { Format } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser, type ParseResult } from '../../model/row-writer.ts'
import { columnsOf } from '../text/delimited.ts'
import { type Field, text, time } from '../text/fields.ts'
import { fieldFinder, NamedFields } from '../text/named-fields.ts'

/**
 * Public DNS queries that Route 53 answered, in the order of
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html#query-logs-format [2026-11]
 * Columns have the names of that page; Athena has none for this log.
 */
const fields: readonly Field[] = [
  text('version', 'Version of the log format'),
  time('query_timestamp', 'When Route 53 answered', true),
  text('hosted_zone_id', 'Hosted zone'),
  text('query_name', 'Name asked for'),
  text('query_type', 'Type of record asked for, or ANY'),
  text('response_code', 'DNS response code'),
  text('layer_4_protocol', 'UDP or TCP'),
  text('edge_location', 'Edge location that answered'),
  text('resolver_ip', 'Address of the resolver that asked'),
  text('edns_client_subnet', 'Part of the address of the client, where the resolver gives it'),
]

const space = 0x20
const findField = fieldFinder(fields, (name) => name)
/** A time that is none makes the line a reject. */
const ownStart = /^\d+\.\d+ \d\S+ Z[A-Z0-9]+ \S+ [A-Z0-9]+ \w+ (?:UDP|TCP) /
/** A name takes 255 bytes, and up to four times as many with escapes. */
const longestStart = 2048

const unlike: ParseResult = reject(
  'malformed',
  'no version, time, hosted zone and query at its start: another format?',
)

export const route53Query: Format = {
  name: 'route53-query',
  // Route 53 writes to CloudWatch Logs only.
  delivery: 'none',
  about: 'Route 53 public DNS query logs, as they leave CloudWatch Logs',
  columns: columnsOf(fields),
  fixed: true,
  app: { fields: ['hosted_zone_id'] },
  detection: { reads: 'own' },
  parser: parserFor,
}

function parserFor(appFields: readonly string[]): LineParser {
  const line = new NamedFields(findField, space)
  line.name(columnsOf(fields).map(({ name }) => name))
  return (bytes, start, end, row) => {
    if (!ownStart.test(bytes.toString('latin1', start, Math.min(end, start + longestStart)))) return unlike
    const fault = line.split(bytes, start, end)
    if (fault) return fault
    if (line.count < line.named)
      return reject('malformed', `${line.count} fields where ${line.named} are expected: cut off?`)
    const misfit = line.write(row, bytes, 'reject')
    if (misfit) return misfit
    const app = line.firstOf(appFields, bytes)
    if (app !== undefined) row.app(app)
    return inRow
  }
}
