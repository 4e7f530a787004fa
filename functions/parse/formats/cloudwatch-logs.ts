import { Readable } from 'node:stream'
import { decompress } from '../decompress.ts'
import type { Format } from '../format.ts'
import { firstScalar, type JsonObject, parseJsonObject } from '../json-document.ts'
import { type JsonField, json, text, texts, time } from '../json-fields.ts'
import { columnsOf, notJson, recordWriter } from '../json-record.ts'
import { jsonRecords } from '../json-records.ts'
import { recordDetection } from '../record-detection.ts'
import type { LineParser, ParseResult } from '../row-writer.ts'

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
  about: 'CloudWatch Logs subscription and Firehose envelopes; control messages passed over',
  columns: columnsOf(fields),
  // /aws/lambda/checkout is the app checkout.
  app: { fields: ['log_group'], match: /^\/aws\/[^/]+\/(.+)$/ },
  detection: recordDetection(framing, () => parserFor([])),
  // Subscriptions compress what they send; a Firehose stream told to compress does so again.
  blocks: (bytes) => jsonRecords(decompress(Readable.from(bytes)), framing),
  parser: (appFields) => parserFor(appFields),
}

function parserFor(appFields: readonly string[]): LineParser {
  const write = recordWriter(shape, appFields)
  const inside = appFields.flatMap((path) => (path.startsWith('message.') ? [path.slice(8)] : []))
  let envelope: JsonObject | undefined
  return (bytes, start, end, row) => {
    const record = parseJsonObject(bytes.toString('utf8', start, end))
    if (!record) return notJson
    if ('logEvents' in record) {
      envelope = record
      return checkEnvelope(record)
    }
    const { logEvents, messageType, ...group } = envelope ?? {}
    if (messageType === 'CONTROL_MESSAGE') return 'control_message'
    const result = write({ ...record, ...group }, row)
    const app = inside.length > 0 && appInside(record['message'], inside)
    if (app) row.app(app)
    return result
  }
}

/** The app a message names that is JSON itself. */
function appInside(message: unknown, paths: readonly string[]): string | undefined {
  const document = typeof message === 'string' ? parseJsonObject(message) : undefined
  return document && firstScalar(document, paths)
}

/** Nothing to load of its own, unless it lacks what its events need. */
function checkEnvelope({ messageType, logEvents, logGroup, logStream }: JsonObject): ParseResult {
  const isControl = messageType === 'CONTROL_MESSAGE'
  const isWhole = isControl || (isText(logGroup) && isText(logStream))
  if (isWhole && Array.isArray(logEvents) && logEvents.length === 0)
    return isControl ? 'control_message' : 'envelope'
  return {
    errorClass: 'malformed',
    reason: 'the message does not name its log group and stream before its log events',
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
