import { loadBalancing } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { address } from '../text/addresses.ts'
import { columnsOf, delimitedParser } from '../text/delimited.ts'
import { type Field, float, integer, text, time } from '../text/fields.ts'

/**
 * Connection log entries of an Application Load Balancer, in the order of
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html#connection-log-entry-format
 * Column names are those of Athena's DDL for the same log.
 */
const fields: readonly Field[] = [
  time('time', 'When the connection was established or failed', true),
  address('client_ip', 'Address of the client'),
  integer('client_port', 'Port of the client'),
  integer('listener_port', 'Port of the listener'),
  text('tls_protocol', 'TLS protocol'),
  text('tls_cipher', 'TLS cipher'),
  float('tls_handshake_latency', 'Seconds of the TLS handshake'),
  text('leaf_client_cert_subject', 'Subject of the client certificate'),
  text('leaf_client_cert_validity', 'NotBefore and NotAfter of the client certificate'),
  text('leaf_client_cert_serial_number', 'Serial number of the client certificate'),
  text('tls_verify_status', 'Success, or Failed: and an error code'),
  text('conn_trace_id', 'Id shared by the log entries of one connection'),
  text('tls_keyexchange', 'Key exchange group'),
]

/** Lines before 2024 end with tls_verify_status. */
const oldestFieldCount = 11

/** The name of the load balancer in the key of its logs. Lines of connection logs do not say which wrote them. */
export const loadBalancerInKey = /_elasticloadbalancing_[^_/]+_app\.([^./]+)\.[^/]*$/

export const albConnection: Format = {
  name: 'alb-connection',
  delivery: loadBalancing,
  about: 'Application Load Balancer connection logs',
  columns: columnsOf(fields),
  fixed: true,
  app: { key: loadBalancerInKey },
  detection: { reads: 'own', key: /conn_log[^/]*_elasticloadbalancing_[^/]*$/ },
  parser: (appFields) => delimitedParser(fields, oldestFieldCount, appFields),
}
