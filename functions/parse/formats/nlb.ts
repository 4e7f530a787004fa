import { vendedLogs } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { endpoint } from '../text/addresses.ts'
import { columnsOf, delimitedParser } from '../text/delimited.ts'
import { type Field, float, integer, quotedTexts, text, time } from '../text/fields.ts'

/**
 * Access log entries of a Network Load Balancer, which logs its TLS connections, in the order of
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html#access-log-entry-format
 * Column names are those of Athena's DDL for the same log.
 */
const fields: readonly Field[] = [
  text('type', 'Type of the listener: tls'),
  text('version', 'Version of the log entry'),
  time('time', 'When the connection was closed', true),
  text('elb', 'Resource id of the load balancer: net/<name>/<id>'),
  text('listener_id', 'Resource id of the TLS listener'),
  endpoint('client', 'the client'),
  endpoint('target', 'the target, or of the load balancer when the client never completed TLS'),
  float('tcp_connection_time_ms', 'Milliseconds from the start of the connection to its end'),
  float('tls_handshake_time_ms', 'Milliseconds of the TLS handshake'),
  integer('received_bytes', 'Bytes received from the client, decrypted'),
  integer('sent_bytes', 'Bytes sent to the client, decrypted'),
  integer('incoming_tls_alert', 'TLS alert received from the client'),
  text('cert_arn', 'ARN of the certificate shown'),
  text('certificate_serial', 'Reserved'),
  text('tls_cipher_suite', 'TLS cipher suite'),
  text('tls_protocol_version', 'TLS protocol'),
  text('tls_named_group', 'Reserved'),
  text('domain_name', 'Server name in the ClientHello'),
  text('alpn_fe_protocol', 'Protocol negotiated with the client'),
  text('alpn_be_protocol', 'Protocol negotiated with the target'),
  quotedTexts('alpn_client_preference_list', 'Protocols the client offered, in order'),
  time('tls_connection_creation_time', 'When the connection began'),
]

/** Lines before April 2020 end with the domain name. */
const oldestFieldCount = 18

export const nlb: Format = {
  name: 'nlb',
  delivery: vendedLogs,
  about: 'Network Load Balancer TLS logs',
  columns: columnsOf(fields),
  fixed: true,
  app: { fields: ['elb'], match: /^net\/([^/]+)/ },
  detection: { reads: 'own', key: /_elasticloadbalancing_[^/]*_net\.[^/]*$/ },
  parser: (appFields) => delimitedParser(fields, oldestFieldCount, appFields),
}
