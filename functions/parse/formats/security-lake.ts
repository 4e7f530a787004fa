import { vendedLogs } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { recordDetection } from '../detecting/record-detection.ts'
import { integer, type JsonField, json, text, texts, time } from '../json/json-fields.ts'
import { columnsOf, pathsOf, recordParser } from '../json/json-record.ts'
import { jsonRecords, wholeDocuments } from '../json/json-records.ts'

/**
 * Events of the Open Cybersecurity Schema Framework, https://schema.ocsf.io: Parquet as Security Lake keeps it,
 * https://docs.aws.amazon.com/security-lake/latest/userguide/open-cybersecurity-schema-framework.html, and JSON as
 * Verified Access delivers it, https://docs.aws.amazon.com/verified-access/latest/ug/access-logs.html
 * Attributes that all classes share have columns, and the ones most queried of single classes: `src_endpoint_ip` is
 * `src_endpoint.ip`. Verified Access writes numbers as text, and custom
 * sources some times as TIMESTAMP.
 */
const fields: readonly JsonField[] = [
  time('time', 'When it happened', { unit: 'millisOrIso', isEventTime: true }),
  time('start_time', 'When it began, or the first of several', { unit: 'millisOrIso' }),
  time('end_time', 'When it ended, or the last of several', { unit: 'millisOrIso' }),
  integer('duration', 'Milliseconds it took'),
  integer('count', 'How often it happened'),
  integer('class_uid', 'Class of the event: 3005, 4001, 6003, ...'),
  text('class_name', 'Name of the class'),
  integer('category_uid', 'Category of the class: 3 identity, 4 network, 6 application, ...'),
  text('category_name', 'Name of the category'),
  integer('activity_id', 'Activity within the class'),
  text('activity_name', 'Name of the activity'),
  integer('type_uid', 'Class and activity: class_uid * 100 + activity_id'),
  text('type_name', 'Name of class and activity'),
  integer('severity_id', 'Severity: 1 informational to 6 fatal'),
  text('severity', 'Name of the severity'),
  integer('status_id', '1 success, 2 failure'),
  text('status', 'Name of the status'),
  text('status_code', 'Status as the source writes it'),
  text('status_detail', 'Details of the status'),
  text('action', 'What a control did: Allowed, Denied'),
  text('disposition', 'What came of it'),
  text('message', 'Description of the event'),
  text('metadata.product.name', 'Product that reported the event'),
  text('metadata.product.vendor_name', 'Vendor of the product'),
  text('metadata.product.version', 'Version of the product'),
  text('metadata.product.feature.name', 'Feature of the product'),
  text('metadata.version', 'Version of the schema'),
  text('metadata.uid', 'Id of the event'),
  text('metadata.event_code', 'Kind of event as the product names it'),
  texts('metadata.profiles', 'Profiles of the schema in use'),
  text('cloud.provider', 'Cloud provider'),
  text('cloud.region', 'Region'),
  text('cloud.account.uid', 'Account'),
  text('actor.user.name', 'Name of the user who acted'),
  text('actor.user.uid', 'Id of that user'),
  text('actor.user.type', 'Type of that user'),
  text('actor.user.email_addr', 'Mail address of that user'),
  text('actor.session.issuer', 'Who issued the session'),
  text('actor.session.uid', 'Id of the session'),
  text('actor.invoked_by', 'Service that acted for the user'),
  text('src_endpoint.ip', 'Source address'),
  integer('src_endpoint.port', 'Source port'),
  text('src_endpoint.domain', 'Source domain'),
  text('src_endpoint.hostname', 'Source host'),
  text('src_endpoint.instance_uid', 'Source instance'),
  text('src_endpoint.interface_uid', 'Source network interface'),
  text('src_endpoint.vpc_uid', 'Source VPC'),
  text('dst_endpoint.ip', 'Destination address'),
  integer('dst_endpoint.port', 'Destination port'),
  text('dst_endpoint.domain', 'Destination domain'),
  text('dst_endpoint.hostname', 'Destination host'),
  text('dst_endpoint.instance_uid', 'Destination instance'),
  text('dst_endpoint.interface_uid', 'Destination network interface'),
  text('dst_endpoint.svc_name', 'Destination service'),
  text('dst_endpoint.vpc_uid', 'Destination VPC'),
  integer('connection_info.protocol_num', 'IANA protocol number'),
  text('connection_info.direction', 'Direction of the traffic'),
  integer('traffic.bytes', 'Bytes transferred'),
  integer('traffic.packets', 'Packets transferred'),
  text('api.operation', 'Operation called'),
  text('api.service.name', 'Service called'),
  text('api.request.uid', 'Id of the request'),
  text('api.response.error', 'Error of the response'),
  text('api.response.message', 'Message of that error'),
  text('http_request.http_method', 'HTTP method'),
  text('http_request.url.hostname', 'Host of the URL'),
  text('http_request.url.path', 'Path of the URL'),
  text('http_request.user_agent', 'User agent'),
  integer('http_response.code', 'HTTP status code'),
  text('query.hostname', 'Name asked for'),
  text('query.type', 'Type of record asked for'),
  text('rcode', 'Response code of DNS'),
  text('finding_info.uid', 'Id of a finding'),
  text('finding_info.title', 'Title of a finding'),
  json('resources', 'Resources concerned'),
  json('observables', 'Values worth looking for, by where they stand'),
  json('unmapped', 'What the schema has no attribute for'),
  text('raw_data', 'The event as it was logged'),
]

const shape = { fields, required: ['class_uid', 'category_uid', 'time', 'metadata'] }

/** `aws/<source>/<version>/` or `ext/<source>/`, and then partitions; custom sources are written so too. */
const lakeKey = /\/region=[^/]+\/accountId=[^/]+\/eventDay=\d{8}\//

export const securityLake: Format = {
  name: 'security-lake',
  // Of Verified Access. Security Lake writes to buckets of its own making.
  delivery: vendedLogs,
  about: 'OCSF events: Security Lake, Parquet and JSON; Verified Access',
  columns: columnsOf(fields),
  paths: pathsOf(fields),
  app: { fields: ['metadata_product_name', 'class_name'] },
  detection: {
    ...recordDetection(wholeDocuments, () => recordParser(shape, []), lakeKey),
    parquet: (columns) => shape.required.every((name) => columns.includes(name)),
  },
  blocks: (bytes) => jsonRecords(bytes),
  parser: (appFields) => recordParser(shape, appFields),
}
