import { vendedLogs } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser, skipped } from '../../model/row-writer.ts'
import { columnsOf } from '../text/delimited.ts'
import { epochTime, type Field, integer, text } from '../text/fields.ts'
import { fieldFinder, NamedFields } from '../text/named-fields.ts'

/**
 * Flow log records of Global Accelerator, below a line that names their fields:
 * https://docs.aws.amazon.com/global-accelerator/latest/dg/monitoring-global-accelerator.flow-logs.html#monitoring-global-accelerator.flow-logs.records.syntax [2026-11]
 * Column names are those of Athena's DDL for the same log:
 * https://docs.aws.amazon.com/athena/latest/ug/querying-global-accelerator-flow-logs.html [2026-11]
 */
const named: readonly (readonly [field: Field, names: readonly string[]])[] = [
  [text('version', 'Version of the record: 1.0, or 2.0 with the VPC'), ['version']],
  [text('account', 'Account of the flow log'), ['aws_account_id']],
  [text('acceleratorid', 'Accelerator'), ['accelerator_id']],
  [text('clientip', 'Address of the client'), ['client_ip']],
  [integer('clientport', 'Port of the client'), ['client_port']],
  [text('gip', 'Address of the accelerator'), ['gip', 'accelerator_ip']],
  [integer('gipport', 'Port of the accelerator'), ['gip_port', 'accelerator_port']],
  [text('endpointip', 'Address of the endpoint'), ['endpoint_ip']],
  [integer('endpointport', 'Port of the endpoint'), ['endpoint_port']],
  [text('protocol', 'Protocol, by name or IANA number'), ['protocol']],
  [text('ipaddresstype', 'IPv4 or IPv6'), ['ip_address_type']],
  [integer('numpackets', 'Packets transferred'), ['packets']],
  [integer('numbytes', 'Bytes transferred'), ['bytes']],
  [epochTime('starttime', 'Start of the capture window', true), ['start_time']],
  [epochTime('endtime', 'End of the capture window'), ['end_time']],
  [text('action', 'ACCEPT'), ['action']],
  [text('logstatus', 'OK or SKIPDATA'), ['log_status', 'log-status']],
  [
    text('agasourceip', 'Address Global Accelerator sends from, where it hides that of the client'),
    ['globalaccelerator_source_ip'],
  ],
  [
    integer('agasourceport', 'Port it sends from; 0 where it keeps that of the client'),
    ['globalaccelerator_source_port'],
  ],
  [text('endpointregion', 'Region of the endpoint'), ['endpoint_region']],
  [text('agaregion', 'Edge location that served the traffic'), ['globalaccelerator_region']],
  [text('direction', 'INGRESS or EGRESS'), ['direction']],
  [text('vpc_id', 'VPC of the endpoint, in version 2.0'), ['vpc_id']],
  [text('reject_reason', 'Why traffic was not served: BPA'), ['reject_reason']],
]

const fields = named.map(([field]) => field)
const columnOfName = new Map(
  named.flatMap(([field, names]) => names.map((name) => [name, field.columns[0]?.name ?? ''] as const)),
)
const findField = fieldFinder(fields, (name) => columnOfName.get(name) ?? name)
const defaultNames = named.map(([, [name = '']]) => name)
/** Records end before an empty reason, and those of version 1.0 before the VPC. */
const optional = { one: ['vpc_id', 'reject_reason'], later: ['reject_reason'] }

const space = 0x20
const one = 0x31
const headerStart = Buffer.from('version aws_account_id accelerator_id ')
/** No header is nearly as long. */
const longestHeader = 4096
/** An accelerator is named by a UUID: https://docs.aws.amazon.com/global-accelerator/latest/api/API_Accelerator.html [2026-11] */
const ownStart = /^\d+\.\d+ \d+ [\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12} /

export const globalAccelerator: Format = {
  name: 'global-accelerator',
  delivery: vendedLogs,
  choosesFields: true,
  about: 'Global Accelerator flow logs, version 1.0 and 2.0',
  columns: columnsOf(fields),
  app: { fields: ['acceleratorid'] },
  detection: { reads: 'own', key: /\/globalaccelerator\// },
  parser: parserFor,
}

function parserFor(appFields: readonly string[]): LineParser {
  const line = new NamedFields(findField, space)
  let names = defaultNames
  line.name(names)
  return (bytes, start, end, row) => {
    if (isHeader(bytes, start, end)) {
      names = bytes.toString('latin1', start, end).trimEnd().split(' ')
      line.name(names)
      return skipped('header')
    }
    if (!ownStart.test(bytes.toString('latin1', start, Math.min(end, start + 128))))
      return reject('malformed', 'no version, account and accelerator in front: another format?')
    const unlike = line.split(bytes, start, end)
    if (unlike) return unlike
    const required = countWithout(bytes[start] === one ? optional.one : optional.later, names)
    if (line.count < required)
      return reject('malformed', `${line.count} fields where at least ${required} are expected: cut off?`)
    const fault = line.write(row, bytes, 'reject')
    if (fault) return fault
    const app = line.firstOf(appFields, bytes)
    if (app !== undefined) row.app(app)
    return inRow
  }
}

/** How many fields there are up to the last that must be there. */
function countWithout(absent: readonly string[], names: readonly string[]): number {
  return names.findLastIndex((name) => !absent.includes(name)) + 1
}

function isHeader(bytes: Buffer, start: number, end: number): boolean {
  const length = headerStart.length
  return (
    end - start > length &&
    end - start < longestHeader &&
    headerStart.compare(bytes, start, start + length) === 0
  )
}
