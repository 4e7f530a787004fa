import type { Format } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { type LineParser, type ParseResult, skipped } from '../../model/row-writer.ts'
import { recordDetection } from '../detecting/record-detection.ts'
import { firstScalar, parseJsonObject } from '../json/json-document.ts'
import { type JsonField, json, text, texts, time } from '../json/json-fields.ts'
import { JsonMembers } from '../json/json-members.ts'
import { columnsOf, notJson, pathsOf, RecordWriter } from '../json/json-record.ts'
import { jsonRecords } from '../json/json-records.ts'

/**
 * Log events as CloudWatch Logs subscriptions send them, through Firehose or not, a row each:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 * An object holds any number of messages one right after the other. Each is a line of its own, like a header, and
 * each of its events another; messages of type CONTROL_MESSAGE and their events are skipped.
 * A message column holds the text as it was logged; where that is JSON, `JSON_VALUE(message, '$.level')` reads it,
 * and an app rule may name a path into it: `message.service`.
 */
const fields: readonly JsonField[] = [
  text('owner', 'Account that owns the log group'),
  text('logGroup', 'Log group', 'log_group'),
  text('logStream', 'Log stream', 'log_stream'),
  texts('subscriptionFilters', 'Subscription filters that matched', 'subscription_filters'),
  text('id', 'Id of the log event'),
  time('timestamp', 'When it was logged', { unit: 'millis', isEventTime: true }),
  text('message', 'What was logged'),
  json('extractedFields', 'Fields the filter took out of the message', 'extracted_fields'),
]

const shape = { fields, required: ['id', 'timestamp', 'message'] }
const framing = { list: 'logEvents', envelope: true }

export const cloudwatchLogs: Format = {
  name: 'cloudwatch-logs',
  delivery: 'none',
  about: 'CloudWatch Logs subscription and Firehose envelopes; control messages passed over',
  columns: columnsOf(fields),
  paths: pathsOf(fields),
  wrapper: 'logEvents',
  // /aws/lambda/checkout is the app checkout.
  app: { fields: ['log_group'], match: /^\/aws\/[^/]+\/(.+)$/ },
  detection: recordDetection(framing, () => parserFor([])),
  // Subscriptions compress what they send; a Firehose stream set to compress does so again.
  blocks: (bytes) => jsonRecords(bytes, framing),
  parser: (appFields) => parserFor(appFields),
}

const [logEvents, messageType, logGroup, logStream, message] = [
  'logEvents',
  'messageType',
  'logGroup',
  'logStream',
  'message',
].map((name) => Buffer.from(name)) as [Buffer, Buffer, Buffer, Buffer, Buffer]
const controlMessage = 'CONTROL_MESSAGE'

function parserFor(appFields: readonly string[]): LineParser {
  const writer = new RecordWriter(shape, appFields)
  const inside = appFields.flatMap((path) => (path.startsWith('message.') ? [path.slice(8)] : []))
  const envelope = new JsonMembers()
  const record = new JsonMembers()
  return (bytes, start, end, row) => {
    if (!record.scan(bytes, start, end)) return notJson
    const events = record.indexOf(logEvents)
    // Members behind the events, such as policyLevel, come too late for their rows.
    if (events === 0 && record.count > 1) return checkEnvelope(envelope)
    if (events >= 0) {
      envelope.scan(Buffer.from(bytes.subarray(start, end)), 0, end - start)
      return checkEnvelope(envelope)
    }
    if (textOf(envelope, messageType) === controlMessage) return skipped('control_message')
    writer.begin()
    envelope.taken.fill(0)
    for (const name of [logEvents, messageType]) envelope.markTaken(name)
    writer.add(envelope, row)
    writer.add(record, row)
    const result = writer.finish([envelope, record], row)
    const app = inside.length > 0 && appInside(textOf(record, message), inside)
    if (app) row.app(app)
    return result
  }
}

/** The app that a message names, when the message is JSON. */
function appInside(text: string | undefined, paths: readonly string[]): string | undefined {
  const document = text === undefined ? undefined : parseJsonObject(text)
  return document && firstScalar(document, paths)
}

/** Nothing to load of its own, unless it lacks what its events need. */
function checkEnvelope(envelope: JsonMembers): ParseResult {
  const isControl = textOf(envelope, messageType) === controlMessage
  const isWhole = isControl || (textOf(envelope, logGroup) && textOf(envelope, logStream))
  const events = envelope.indexOf(logEvents)
  if (isWhole && envelope.isList(events) && envelope.written(events).slice(1, -1).trim() === '')
    return skipped(isControl ? 'control_message' : 'envelope')
  return reject('malformed', 'the message does not name its log group and stream before its log events')
}

function textOf(members: JsonMembers, name: Buffer): string | undefined {
  const index = members.indexOf(name)
  return index >= 0 && members.isText(index) ? members.text(index) : undefined
}
