import { vendedLogs } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { recordDetection } from '../detecting/record-detection.ts'
import { integer, type JsonField, text, textOrDash, time } from '../json/json-fields.ts'
import { columnsOf, pathsOf, recordParser } from '../json/json-record.ts'
import { jsonRecords, wholeDocuments } from '../json/json-records.ts'

/**
 * Access logs of VPC Lattice services: https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-access-logs.html
 * The service writes `-` where there is none; what a client sends may be a dash by itself.
 */
const fields: readonly JsonField[] = [
  time('startTime', 'When the request began', { unit: 'iso', isEventTime: true }),
  textOrDash('serviceNetworkArn', 'ARN of the service network'),
  textOrDash('serviceArn', 'ARN of the service'),
  textOrDash('listenerId', 'Id of the listener'),
  textOrDash('targetGroupArn', 'ARN of the target group'),
  textOrDash('sourceVpcArn', 'ARN of the VPC the request came from'),
  textOrDash('sourceVpcId', 'Id of that VPC'),
  textOrDash('destinationVpcId', 'Id of the VPC of the target'),
  textOrDash('sourceIpPort', 'Address and port of the client'),
  textOrDash('targetIpPort', 'Address and port of the target'),
  text('requestMethod', 'HTTP method'),
  text('requestPath', 'Path of the request'),
  text('hostHeader', 'Host or authority of the request'),
  text('userAgent', 'User-Agent of the request'),
  textOrDash('protocol', 'Protocol, such as HTTP/1.1'),
  integer('responseCode', 'Status code of the response'),
  integer('grpcResponseCode', 'gRPC status code of the response'),
  integer('bytesReceived', 'Bytes received from the client'),
  integer('bytesSent', 'Bytes sent to the client'),
  integer('duration', 'Milliseconds from the request to the end of the response'),
  integer('requestToTargetDuration', 'Milliseconds until the request was at the target'),
  integer('responseFromTargetDuration', 'Milliseconds the response of the target took'),
  textOrDash('failureReason', 'Why the request failed'),
  textOrDash('authDeniedReason', 'Whose policy denied access: Service, Network or Identity'),
  textOrDash('resolvedUser', 'ARN of the user who was signed in, Anonymous or Unknown'),
  textOrDash('callerPrincipal', 'Principal that was authenticated'),
  textOrDash('callerPrincipalOrgID', 'Organisation of that principal'),
  textOrDash('callerX509IssuerOU', 'Issuer of the client certificate'),
  textOrDash('callerX509SubjectCN', 'Common name of its subject'),
  textOrDash('callerX509SANNameCN', 'Common name among its alternative names'),
  textOrDash('callerX509SANDNS', 'DNS name among them'),
  textOrDash('callerX509SANURI', 'URI among them'),
  textOrDash('tlsVersion', 'TLS version'),
  textOrDash('sslCipher', 'TLS cipher'),
  text('serverNameIndication', 'Server name the client asked for'),
]

const shape = { fields, required: ['startTime', 'serviceArn', 'requestMethod'] }

export const vpcLattice: Format = {
  name: 'vpc-lattice',
  delivery: vendedLogs,
  about: 'VPC Lattice access logs',
  columns: columnsOf(fields),
  paths: pathsOf(fields),
  app: { fields: ['servicearn'], match: /:service\/([^/]+)/ },
  detection: recordDetection(wholeDocuments, () => recordParser(shape, []), /_VpcLatticeAccessLogs_/),
  blocks: (bytes) => jsonRecords(bytes),
  parser: (appFields) => recordParser(shape, appFields),
}
