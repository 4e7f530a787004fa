import { vendedLogs } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { recordDetection } from '../detecting/record-detection.ts'
import { integer, type JsonField, json, text, textOrDash, time } from '../json/json-fields.ts'
import { columnsOf, pathsOf, recordParser } from '../json/json-record.ts'
import { jsonRecords, wholeDocuments } from '../json/json-records.ts'

/**
 * Flow, alert and TLS logs of Network Firewall:
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html
 * The members of `event`, which are Suricata's, have columns under their own names.
 * AWS's examples of TLS logs have `-` for the server name a client did not send.
 */
const fields: readonly JsonField[] = [
  text('firewall_name', 'Name of the firewall'),
  text('availability_zone', 'Availability zone of the firewall endpoint'),
  time('event_timestamp', 'When the log entry was made', { unit: 'seconds' }),
  time('event.timestamp', 'When it happened', { unit: 'iso', isEventTime: true }, 'timestamp'),
  text('event.event_type', 'netflow, alert, tls, ...', 'event_type'),
  integer('event.flow_id', 'Id of the flow', 'flow_id'),
  text('event.src_ip', 'Source address', 'src_ip'),
  integer('event.src_port', 'Source port', 'src_port'),
  text('event.dest_ip', 'Destination address', 'dest_ip'),
  integer('event.dest_port', 'Destination port', 'dest_port'),
  text('event.proto', 'Transport protocol', 'proto'),
  text('event.app_proto', 'Application protocol', 'app_proto'),
  textOrDash('event.sni', 'Server name of a TLS inspection log', 'sni'),
  json('event.netflow', 'Packets, bytes, start and end of a flow', 'netflow'),
  json('event.alert', 'Rule that matched, and its action', 'alert'),
  json('event.verdict', 'What became of the packet', 'verdict'),
  json('event.http', 'HTTP request', 'http'),
  json('event.tls', 'TLS handshake', 'tls'),
  json('event.tcp', 'TCP flags', 'tcp'),
  json('event.tls_error', 'Why TLS inspection failed', 'tls_error'),
  json('event.revocation_check', 'What the check of a certificate found', 'revocation_check'),
]

const shape = { fields, required: ['firewall_name', 'event.timestamp'] }

export const networkFirewall: Format = {
  name: 'network-firewall',
  delivery: vendedLogs,
  about: 'Network Firewall alert, flow and TLS logs',
  columns: columnsOf(fields),
  paths: pathsOf(fields),
  app: { fields: ['firewall_name'] },
  detection: recordDetection(wholeDocuments, () => recordParser(shape, []), /\/network-firewall\//),
  blocks: (bytes) => jsonRecords(bytes),
  parser: (appFields) => recordParser(shape, appFields),
}
