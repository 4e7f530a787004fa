import type { LineBlock } from '../../model/line-block.ts'
import { isObject, type JsonObject, parseJsonObject, toJson } from './json-document.ts'

/**
 * Takes documents of OpenTelemetry's JSON apart: a record for each log record, with the attributes of its resource, its scope
 * and its own as objects. What is no such document is a record as it is.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto [2026-11]
 */
export async function* otlpRecords(documents: AsyncIterable<LineBlock>): AsyncGenerator<LineBlock> {
  for await (const block of documents) {
    if (block.kind !== 'records') yield block
    else for (const document of block.records) yield { kind: 'records', records: recordsOf(document) }
  }
}

function recordsOf(document: Buffer): Buffer[] {
  const parsed = parseJsonObject(document.toString())
  const records = parsed && [...logRecords(parsed)]
  return records && records.length > 0 ? records.map((record) => Buffer.from(toJson(record))) : [document]
}

function* logRecords(document: JsonObject): Generator<JsonObject> {
  for (const { resource, scopeLogs, ...ofResource } of objectsIn(document['resourceLogs'])) {
    const attributes = isObject(resource) ? attributesOf(resource['attributes']) : {}
    for (const { scope, logRecords, ...ofScope } of objectsIn(scopeLogs)) {
      for (const record of objectsIn(logRecords)) {
        const { severityText, body, attributes: own, ...others } = record
        yield {
          ...(typeof severityText === 'string' && severityText !== '' && { level: severityText }),
          message: plain(body),
          'service.name': attributes['service.name'],
          ...others,
          attributes: attributesOf(own),
          resource: { ...ofResource, ...attributes },
          scope: { ...ofScope, ...(isObject(scope) && scope) },
        }
      }
    }
  }
}

function objectsIn(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : []
}

/** `[{"key": "a", "value": {"intValue": "1"}}]` as an object. */
function attributesOf(list: unknown): JsonObject {
  return Object.fromEntries(
    objectsIn(list).map(({ key, value }) => [typeof key === 'string' ? key : '', plain(value)]),
  )
}

/** The value within OpenTelemetry's AnyValue. */
function plain(value: unknown): unknown {
  if (!isObject(value)) return value
  const { arrayValue, kvlistValue } = value
  if (isObject(arrayValue)) return Array.isArray(arrayValue['values']) ? arrayValue['values'].map(plain) : []
  if (isObject(kvlistValue)) return attributesOf(kvlistValue['values'])
  const simple = ['stringValue', 'intValue', 'doubleValue', 'boolValue', 'bytesValue'].find(
    (name) => name in value,
  )
  return simple === undefined ? value : value[simple]
}
