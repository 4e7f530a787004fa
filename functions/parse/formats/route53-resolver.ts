import { vendedLogs } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { recordDetection } from '../detecting/record-detection.ts'
import { integer, type JsonField, json, text, time } from '../json/json-fields.ts'
import { columnsOf, pathsOf, recordParser } from '../json/json-record.ts'
import { jsonRecords, wholeDocuments } from '../json/json-records.ts'

/**
 * DNS queries of VPCs, as Route 53 Resolver logs them:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
 * Column names are those of Athena's DDL for the same log; `srcids_instance` is its `srcids.instance`.
 */
const fields: readonly JsonField[] = [
  text('version', 'Version of the log format'),
  text('account_id', 'Account of the VPC'),
  text('region', 'Region of the VPC'),
  text('vpc_id', 'VPC the query came from'),
  time('query_timestamp', 'When the query was made', { unit: 'iso', isEventTime: true }),
  text('query_name', 'Name asked for, with its final dot'),
  text('query_type', 'Type of record asked for'),
  text('query_class', 'Class of the query'),
  text('rcode', 'Response code'),
  json('answers', 'Records answered, as {Rdata, Type, Class}'),
  text('srcaddr', 'Address the query came from'),
  integer('srcport', 'Port the query came from'),
  text('transport', 'UDP or TCP'),
  text('srcids.instance', 'Instance the query came from'),
  text('srcids.resolver_endpoint', 'Resolver endpoint the query went through'),
  text('srcids.resolver_network_interface', 'Network interface of that endpoint'),
  text('firewall_rule_action', 'What DNS Firewall did: ALLOW, BLOCK or ALERT'),
  text('firewall_rule_group_id', 'DNS Firewall rule group that matched'),
  text('firewall_domain_list_id', 'DNS Firewall domain list that matched'),
]

const shape = { fields, required: ['query_timestamp', 'query_name'] }

export const route53Resolver: Format = {
  name: 'route53-resolver',
  delivery: vendedLogs,
  about: 'Route 53 Resolver query logs',
  columns: columnsOf(fields),
  paths: pathsOf(fields),
  app: { fields: ['vpc_id'] },
  detection: recordDetection(wholeDocuments, () => recordParser(shape, []), /\/vpcdnsquerylogs\//),
  blocks: (bytes) => jsonRecords(bytes),
  parser: (appFields) => recordParser(shape, appFields),
}
