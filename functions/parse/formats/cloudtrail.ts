import { vendedLogs } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { type LineParser, skipped } from '../../model/row-writer.ts'
import { recordDetection } from '../detecting/record-detection.ts'
import { boolean, type JsonField, json, text, time } from '../json/json-fields.ts'
import { JsonMembers } from '../json/json-members.ts'
import { columnsOf, notJson, pathsOf, RecordWriter } from '../json/json-record.ts'
import { jsonRecords } from '../json/json-records.ts'

/**
 * CloudTrail events, management, data, network and Insights alike, with the fields of
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html:
 * files as trails deliver them (`{"Records":[...]}`), events one after the other, and events in EventBridge's envelope.
 * Column names are those of Athena's DDL for the same log, whose structs are JSON here.
 */
const fields: readonly JsonField[] = [
  text('eventVersion', 'Version of the event format'),
  json('userIdentity', 'Who made the request'),
  time('eventTime', 'When the request was completed', { unit: 'iso', isEventTime: true }),
  text('eventSource', 'Service the request was made to: <service>.amazonaws.com'),
  text('eventName', 'Action requested'),
  text('awsRegion', 'Region the request was made to'),
  text('sourceIPAddress', 'Address or AWS service the request came from'),
  text('userAgent', 'Agent the request was made with'),
  text('errorCode', 'Error the service answered with'),
  text('errorMessage', 'Message of that error'),
  json('requestParameters', 'Parameters of the request'),
  json('responseElements', 'Answer to a request that changes something'),
  json('additionalEventData', 'What is neither request nor answer'),
  text('requestID', 'Id the service gave the request'),
  text('eventID', 'Id of the event'),
  boolean('readOnly', 'Whether the request only reads'),
  json('resources', 'Resources the request accessed'),
  text('eventType', 'AwsApiCall, AwsServiceEvent, AwsConsoleSignIn, AwsCloudTrailInsight, ...'),
  text('apiVersion', 'Version of the API'),
  boolean('managementEvent', 'Whether it is a management event'),
  text('recipientAccountId', 'Account that received the event'),
  json('serviceEventDetails', 'What triggered a service event, and its result'),
  text('sharedEventID', 'Id shared by the events that one action gives several accounts'),
  text('vpcEndpointId', 'VPC endpoint the request went through'),
  text('vpcEndpointAccountId', 'Account that owns that endpoint'),
  text('eventCategory', 'Management, Data, NetworkActivity or Insight'),
  json('addendum', 'Why and how an event was delivered late or again'),
  text('sessionCredentialFromConsole', 'Whether the session began in the console'),
  json('edgeDeviceDetails', 'Edge device the request was made to'),
  json('tlsDetails', 'TLS version, cipher suite and host name of the request'),
  json('insightDetails', 'What is unusual: of Insights events'),
]

const shape = { fields, required: ['eventVersion', 'eventTime'] }
const framing = { list: 'Records', envelope: false }
/** The notifications of S3 are `Records` of an eventVersion and an eventTime too. */
const foreign = /"eventSource"\s*:\s*"aws:/

export const cloudtrail: Format = {
  name: 'cloudtrail',
  // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html [2026-11]
  delivery: { ...vendedLogs, service: 'cloudtrail.amazonaws.com' },
  about: 'CloudTrail `Records` documents and events line by line; insights; digests passed over',
  columns: columnsOf(fields),
  paths: pathsOf(fields),
  wrapper: 'detail',
  app: { fields: ['recipientaccountid'] },
  detection: recordDetection(framing, () => parserFor([]), /_CloudTrail(-Insight|-Digest)?_/, foreign),
  blocks: (bytes) => jsonRecords(bytes, framing),
  parser: (appFields) => parserFor(appFields),
}

const [detailName, detailType] = [Buffer.from('detail'), Buffer.from('detail-type')]
const digestNames = ['digestStartTime', 'digestS3Object'].map((name) => Buffer.from(name))

function parserFor(appFields: readonly string[]): LineParser {
  const writer = new RecordWriter(shape, appFields)
  const document = new JsonMembers()
  const detail = new JsonMembers()
  return (bytes, start, end, row) => {
    if (!document.scan(bytes, start, end)) return notJson
    if (isDigest(document)) return skipped('digest')
    writer.begin()
    const inner = document.indexOf(detailName)
    if (inner < 0 || !document.isObject(inner) || document.indexOf(detailType) < 0) {
      writer.add(document, row)
      return writer.finish([document], row)
    }
    document.taken[inner] = 1
    writer.keep(document)
    detail.scan(bytes, document.start(inner), document.end(inner))
    writer.add(detail, row)
    return writer.finish([detail], row)
  }
}

/** The hourly list of delivered files and their hashes. It lies beside them and has no events. */
function isDigest(document: JsonMembers): boolean {
  return digestNames.every((name) => document.indexOf(name) >= 0)
}
