import { loadBalancing } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { endpoint } from '../text/addresses.ts'
import { columnsOf, delimitedParser } from '../text/delimited.ts'
import { type Field, float, integer, integers, looselyQuoted, text, texts, time } from '../text/fields.ts'
import { isCipher } from '../text/following-field.ts'
import { quotedRequest } from '../text/request-line.ts'

/**
 * Access log entries of an Application Load Balancer, in the order of
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-entry-format
 * Column names are those of Athena's DDL for the same log.
 */
const fields: readonly Field[] = [
  text('type', 'Type of the request: http, https, h2, grpcs, ws or wss'),
  time('time', 'When the load balancer answered the client', true),
  text('elb', 'Resource id of the load balancer: app/<name>/<id>'),
  endpoint('client', 'the client'),
  endpoint('target', 'the target that handled the request'),
  float(
    'request_processing_time',
    'Seconds from receiving the request to sending it to a target; -1 if it was not sent',
  ),
  float(
    'target_processing_time',
    'Seconds from sending the request to the target starting its answer; -1 if it did not',
  ),
  float(
    'response_processing_time',
    'Seconds from the target answering to the answer being sent on; -1 if it was not',
  ),
  integer('elb_status_code', 'Status code the load balancer gave'),
  integer('target_status_code', 'Status code the target gave'),
  integer('received_bytes', 'Bytes received from the client'),
  integer('sent_bytes', 'Bytes sent to the client'),
  quotedRequest(),
  looselyQuoted(text('user_agent', 'User-Agent as delivered, escapes kept'), isCipher),
  text('ssl_cipher', 'TLS cipher'),
  text('ssl_protocol', 'TLS protocol'),
  text('target_group_arn', 'ARN of the target group'),
  text('trace_id', 'X-Amzn-Trace-Id header'),
  text('domain_name', 'SNI domain of the TLS handshake'),
  text('chosen_cert_arn', 'ARN of the certificate shown, or session-reused'),
  text('matched_rule_priority', 'Priority of the rule that matched, 0 for the default rule, -1 for an error'),
  time('request_creation_time', 'When the load balancer received the request'),
  texts('actions_executed', 'Actions taken, in order', ','),
  text('redirect_url', 'Target of a redirect'),
  text('lambda_error_reason', 'Error reason code of the failed action'),
  texts('target_port_list', 'Address and port of each target tried', ' '),
  integers('target_status_code_list', 'Status code of each target tried', ' '),
  text('classification', 'Desync classification: Acceptable, Ambiguous or Severe'),
  text('classification_reason', 'Desync classification reason code'),
  text('conn_trace_id', 'Id shared by the log entries of one connection'),
  text('transformed_host', 'Host header after a transform'),
  text('transformed_uri', 'URI after a transform'),
  text('request_transform_status', 'Whether the transform succeeded'),
]

/** Lines before December 2017 end with trace_id. */
const oldestFieldCount = 18

export const alb: Format = {
  name: 'alb',
  delivery: loadBalancing,
  about: 'Application Load Balancer access logs, every generation of trailing fields',
  columns: columnsOf(fields),
  fixed: true,
  app: { fields: ['elb'], match: /^(?:app|net)\/([^/]+)/ },
  detection: { reads: 'own', key: /_elasticloadbalancing_[^/]*_app\.[^/]*$/ },
  parser: (appFields) => delimitedParser(fields, oldestFieldCount, appFields),
}
