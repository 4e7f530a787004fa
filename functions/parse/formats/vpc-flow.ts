import { vendedLogs } from '../../model/delivery.ts'
import type { FirstLines, Format, ParserOptions } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser, type ParseResult, type RowWriter, skipped } from '../../model/row-writer.ts'
import { shareOfRows } from '../detecting/format-sample.ts'
import { parseJsonObject, toJson } from '../json/json-document.ts'
import { firstMember, writeMembers } from '../json/named-members.ts'
import { columnsOf } from '../text/delimited.ts'
import { epochTime, type Field, integer, text } from '../text/fields.ts'
import { fieldFinder, NamedFields } from '../text/named-fields.ts'

/**
 * Flow log records of VPCs and transit gateways, versions 2 to 11:
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 * https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html
 * Column names are those of Athena's DDL for the same log. Text in S3 begins with a line that names the fields;
 * Parquet has them as its columns, with `_` for `-`.
 */
const fields: readonly Field[] = [
  integer('version', 'Version of the record: the highest of its fields'),
  text('account_id', 'Account that owns the network interface or transit gateway'),
  text('interface_id', 'Network interface'),
  text('srcaddr', 'Source address, or that of the interface for outgoing traffic'),
  text('dstaddr', 'Destination address, or that of the interface for incoming traffic'),
  integer('srcport', 'Source port'),
  integer('dstport', 'Destination port'),
  integer('protocol', 'IANA protocol number'),
  integer('packets', 'Packets transferred'),
  integer('bytes', 'Bytes transferred'),
  epochTime('start', 'When the first packet of the interval was received', true),
  epochTime('end', 'When the last packet of the interval was received'),
  text('action', 'ACCEPT or REJECT'),
  text('log_status', 'OK, NODATA or SKIPDATA'),
  text('vpc_id', 'VPC'),
  text('subnet_id', 'Subnet'),
  text('instance_id', 'Instance'),
  integer('tcp_flags', 'Bits of the TCP flags seen'),
  text('type', 'IPv4, IPv6 or EFA'),
  text('pkt_srcaddr', 'Source address in the packets'),
  text('pkt_dstaddr', 'Destination address in the packets'),
  text('region', 'Region'),
  text('az_id', 'Availability zone'),
  text('sublocation_type', 'wavelength, outpost or localzone'),
  text('sublocation_id', 'Sublocation'),
  text('pkt_src_aws_service', 'AWS service of the source address'),
  text('pkt_dst_aws_service', 'AWS service of the destination address'),
  text('flow_direction', 'ingress or egress'),
  integer('traffic_path', 'Path that outgoing traffic takes'),
  text('resource_type', 'Type of the resource: TransitGateway'),
  text('tgw_id', 'Transit gateway'),
  text('tgw_attachment_id', 'Transit gateway attachment'),
  text('tgw_src_vpc_account_id', 'Account of the source VPC'),
  text('tgw_dst_vpc_account_id', 'Account of the destination VPC'),
  text('tgw_src_vpc_id', 'Source VPC'),
  text('tgw_dst_vpc_id', 'Destination VPC'),
  text('tgw_src_subnet_id', 'Source subnet'),
  text('tgw_dst_subnet_id', 'Destination subnet'),
  text('tgw_src_eni', 'Source network interface'),
  text('tgw_dst_eni', 'Destination network interface'),
  text('tgw_src_az_id', 'Source availability zone'),
  text('tgw_dst_az_id', 'Destination availability zone'),
  text('tgw_pair_attachment_id', 'Attachment at the other end, by flow direction'),
  integer('packets_lost_no_route', 'Packets lost: no route'),
  integer('packets_lost_blackhole', 'Packets lost: a black hole'),
  integer('packets_lost_mtu_exceeded', 'Packets lost: larger than the MTU'),
  integer('packets_lost_ttl_expired', 'Packets lost: time to live expired'),
  text('ecs_cluster_arn', 'ARN of the ECS cluster'),
  text('ecs_cluster_name', 'ECS cluster'),
  text('ecs_container_instance_arn', 'ARN of the ECS container instance'),
  text('ecs_container_instance_id', 'ECS container instance'),
  text('ecs_container_id', 'First container of the ECS task'),
  text('ecs_second_container_id', 'Second container of the ECS task'),
  text('ecs_service_name', 'ECS service'),
  text('ecs_task_definition_arn', 'ARN of the ECS task definition'),
  text('ecs_task_arn', 'ARN of the ECS task'),
  text('ecs_task_id', 'ECS task'),
  text('reject_reason', 'Why the traffic was rejected: BPA, EC'),
  text('resource_id', 'Resource the interface belongs to, such as a NAT gateway'),
  integer(
    'encryption_status',
    'How the traffic was encrypted: 0 not, 1 by Nitro, 2 by the application, 3 by both',
  ),
  text('instance_tag', 'Value of the first chosen tag of the instance'),
  text('instance_tag_2', 'Value of the second chosen tag of the instance'),
  text('interface_tag', 'Value of the first chosen tag of the interface'),
  text('interface_tag_2', 'Value of the second chosen tag of the interface'),
  text('asg_tag', 'Value of the first chosen tag of the auto scaling group'),
  text('asg_tag_2', 'Value of the second chosen tag of the auto scaling group'),
  text('interface_type', 'Type of the network interface'),
  text('next_hop_interface_id', 'Network interface of the next hop'),
  text('next_hop_subnet_id', 'Subnet of the next hop'),
  text('next_hop_az_id', 'Availability zone of the next hop'),
  text('next_hop_vpc_id', 'VPC of the next hop'),
  text('next_hop_interface_type', 'Type of the network interface of the next hop'),
]

const defaultFields =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  )
const defaultTransitGatewayFields =
  'version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status type packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region flow-direction pkt-src-aws-service pkt-dst-aws-service'.split(
    ' ',
  )

const space = 0x20
const brace = 0x7b
const findField = fieldFinder(fields, columnName)
/** Columns that only flow logs have. */
const ownName = /^(interface.id|srcaddr|dstaddr|pkt.(src|dst)addr|tgw.(id|attachment.id))$/
const areOwn = (names: readonly string[]) => names.some((name) => ownName.test(name))

export const vpcFlow: Format = {
  name: 'vpc-flow',
  delivery: vendedLogs,
  settings: ['fields'],
  choosesFields: true,
  about:
    'VPC and transit gateway flow logs, version 2 to 11, text and Parquet, custom fields from the header or `fields`',
  columns: columnsOf(fields),
  app: { fields: ['vpc_id', 'tgw_id', 'interface_id'] },
  detection: { reads: 'own', key: /\/vpcflowlogs\//, share: shareOfText, parquet: areOwn },
  parser: (appFields, options) => parserFor(appFields, options),
}

function parserFor(appFields: readonly string[], options: ParserOptions = {}): LineParser {
  const line = new NamedFields(findField, space)
  line.name((options.fields ?? []).map(plainName))
  let named = line.named > 0
  return (bytes, start, end, row) => {
    if (bytes[start] === brace) return parseJson(bytes.toString('utf8', start, end), row, appFields)
    const header = headerOf(bytes, start, end)
    if (header) {
      line.name(header)
      named = true
      return skipped('header')
    }
    const unlike = line.split(bytes, start, end)
    if (unlike) return unlike
    if (line.named === 0)
      line.name(isTransitGateway(bytes, start) ? defaultTransitGatewayFields : defaultFields)
    if (!named && !line.rangeOf('version', bytes))
      return reject('malformed', 'no version in front: another format?')
    if (line.count < line.named) {
      const reason = `${line.count} fields where ${line.named} are named: cut off, or no header and a custom format?`
      return reject('malformed', reason)
    }
    const fault = line.write(row, bytes, 'reject')
    if (fault) return fault
    const app = line.firstOf(appFields, bytes)
    if (app !== undefined) row.app(app)
    return inRow
  }
}

/** JSON lines do not count: many logs have `version` or `type`, and flow logs are JSON only when read from Parquet. */
function shareOfText({ lines }: FirstLines): number {
  return shareOfRows({ parser: parserFor }, lines, (line) => line[0] !== brace)
}

/** A record of Parquet, as JSON. */
function parseJson(content: string, row: RowWriter, appFields: readonly string[]): ParseResult {
  const document = parseJsonObject(content)
  if (!document || !Object.keys(document).some((name) => findField(name).field))
    return reject('malformed', 'no JSON object with fields of flow logs: another format?')
  const rest = writeMembers(row, document, findField)
  if (rest.length > 0) row.rest(toJson(Object.fromEntries(rest)))
  const byColumn = Object.fromEntries(
    Object.entries(document).map(([name, value]) => [columnName(name), value]),
  )
  const app = firstMember(byColumn, appFields)
  if (app !== undefined) row.app(app)
  return inRow
}

/** The names in a header line. A record has numbers, dashes or addresses in the first two places, never two names. */
function headerOf(bytes: Buffer, start: number, end: number): string[] | undefined {
  const first = bytes[start] ?? 0
  if (first < 0x61 || first > 0x7a || end - start > 4096) return undefined
  const names = bytes.toString('latin1', start, end).trimEnd().split(' ')
  return names.slice(0, 2).every((name) => findField(name).field) ? names : undefined
}

/** A field as AWS writes it in a custom format: `${vpc-id}`, and as Athena does: `vpc_id`. */
function plainName(name: string): string {
  return name.replace(/^\$\{(.*)\}$/, '$1').replaceAll('_', '-')
}

/** The column of a field, however it is written. */
export function columnName(name: string): string {
  return plainName(name).replaceAll('-', '_')
}

/** The default format of transit gateways begins with `6 TransitGateway`. */
function isTransitGateway(bytes: Buffer, start: number): boolean {
  return bytes.toString('latin1', start, start + 17) === '6 TransitGateway '
}
