import { loadBalancing } from '../../model/delivery.ts'
import type { FirstLines, Format } from '../../model/format.ts'
import type { LineParser } from '../../model/row-writer.ts'
import { shareOfRows } from '../detecting/format-sample.ts'
import { endpoint } from '../text/addresses.ts'
import { columnsOf, delimitedParser } from '../text/delimited.ts'
import { type Field, float, integer, text, time } from '../text/fields.ts'
import { loadBalancerInKey } from './alb-connection.ts'

/**
 * Health check log entries of an Application Load Balancer, in the order of
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-health-check-logs.html#health-check-log-entry-format [2026-11]
 * Columns have the names of that page; Athena has none for this log.
 */
const fields: readonly Field[] = [
  text('type', 'Type of the health check: http, https, h2, grpc or lambda'),
  time('time', 'When the health check began', true),
  float('latency', 'Seconds the health check took'),
  target(),
  text('target_group_id', 'Name of the target group'),
  text('status', 'PASS or FAIL'),
  integer('status_code', 'Code the target answered with'),
  text('reason_code', 'Why the health check failed, such as TimedOut'),
  text('elb', 'Resource id of the load balancer: app/<name>/<id>'),
  text('ip_address', 'Address of the node of the load balancer'),
]

/** Lines of 2025 end with the reason code. */
const oldestFieldCount = 8

/** Only a health check passes or fails behind a time and a target. */
const ownLine = /^\w+ \S+ [\d.-]+ \S+ \S+ (?:PASS|FAIL) /

export const albHealthCheck: Format = {
  name: 'alb-health-check',
  delivery: loadBalancing,
  about: 'Application Load Balancer health check logs',
  columns: columnsOf(fields),
  fixed: true,
  app: { key: loadBalancerInKey },
  detection: {
    reads: 'own',
    key: /(^|\/)health_check_log_[^/]*_elasticloadbalancing_[^/]*$/,
    share: shareOfChecks,
  },
  parser: parserFor,
}

function parserFor(appFields: readonly string[]): LineParser {
  return delimitedParser(fields, oldestFieldCount, appFields)
}

function shareOfChecks({ lines }: FirstLines): number {
  return shareOfRows({ parser: parserFor }, lines, (line) => ownLine.test(line.toString('latin1', 0, 2048)))
}

/** `192.0.2.10:80`, or the ARN of a Lambda function, in which a number behind the last colon is a version. */
function target(): Field {
  const { write } = endpoint('target', 'the target')
  return {
    columns: [
      { name: 'target_addr', type: 'STRING', description: 'Address of the target, or ARN of the function' },
      { name: 'target_port', type: 'INT64', description: 'Port of the target' },
    ],
    write: (row, column, bytes, start, end) => {
      if (bytes.toString('latin1', start, start + 4) !== 'arn:') return write(row, column, bytes, start, end)
      row.text(column, bytes, start, end)
      return true
    },
  }
}
