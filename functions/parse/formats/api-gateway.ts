import type { Format } from '../../model/format.ts'
import { reject } from '../../model/reject.ts'
import { inRow, type LineParser } from '../../model/row-writer.ts'
import { recordDetection } from '../detecting/record-detection.ts'
import { readTime } from '../json/event-time.ts'
import { type JsonObject, parseJsonObject, toJson } from '../json/json-document.ts'
import { notJson } from '../json/json-record.ts'
import { jsonRecords, wholeDocuments } from '../json/json-records.ts'
import { firstMember, writeMembers } from '../json/named-members.ts'
import { columnsOf } from '../text/delimited.ts'
import { epochTime, type Field, integer, logTime, text } from '../text/fields.ts'
import { type FieldFinder, fieldFinder } from '../text/named-fields.ts'

/**
 * Access logs of API Gateway as JSON, of REST, HTTP and WebSocket APIs:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html and
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 * Whoever sets the log up names its members. Columns are named as in AWS's examples; a member is found by that name or
 * its variable's. All values are text, `-` where there is none.
 */
const variables: readonly Variable[] = [
  variable('requestId', text, 'Id of the request'),
  variable('extendedRequestId', text, 'Id that API Gateway gave the request'),
  variable('ip', text, 'Address of the client', ['sourceIp', 'identity.sourceIp']),
  variable('caller', text, 'Principal that signed the request', ['identity.caller']),
  variable('user', text, 'User that is authorised', ['identity.user']),
  variable('userArn', text, 'ARN of that user', ['identity.userArn']),
  variable('userAgent', text, 'User-Agent of the request', ['identity.userAgent']),
  variable('principalId', text, 'Principal that an authorizer found', ['authorizer.principalId']),
  variable('requestTime', logTime, 'When the request came, to the second'),
  variable('requestTimeEpoch', epochTime, 'When the request came'),
  variable('httpMethod', text, 'HTTP method'),
  variable('path', text, 'Path of the request'),
  variable('resourcePath', text, 'Path of the resource, with its parameters by name'),
  variable('resourceId', text, 'Id of the resource'),
  variable('routeKey', text, 'Route of an HTTP or WebSocket API'),
  variable('protocol', text, 'Protocol, such as HTTP/1.1'),
  variable('status', integer, 'Status code of the response'),
  variable('responseLength', integer, 'Bytes of the response'),
  variable('responseLatency', integer, 'Milliseconds the response took'),
  variable('dataProcessed', integer, 'Bytes processed'),
  variable('accountId', text, 'Account of the API'),
  variable('apiId', text, 'Id of the API'),
  variable('stage', text, 'Stage of the API'),
  variable('domainName', text, 'Domain the API was called by'),
  variable('integrationLatency', integer, 'Milliseconds the integration took', ['integration.latency']),
  variable('integrationStatus', integer, 'Status code of the integration', ['integration.status']),
  variable('integrationRequestId', text, 'Id the integration gave the request', ['integration.requestId']),
  variable('integrationErrorMessage', text, 'Error of the integration', [
    'integrationError',
    'integration.error',
  ]),
  variable('errorMessage', text, 'Error of API Gateway', ['error.message']),
  variable('errorResponseType', text, 'Kind of that error', ['error.responseType']),
  variable('authorizerError', text, 'Error of the authorizer', ['authorizer.error']),
  variable('authorizerLatency', integer, 'Milliseconds the authorizer took', ['authorizer.latency']),
  variable('authorizerStatus', integer, 'Status code of the authorizer', ['authorizer.status']),
  variable('wafResponseCode', text, 'What WAF did: WAF_ALLOW or WAF_BLOCK'),
  variable('xrayTraceId', text, 'Trace of X-Ray'),
  variable('eventType', text, 'CONNECT, MESSAGE or DISCONNECT'),
  variable('connectionId', text, 'Id of a WebSocket connection'),
  variable('messageId', text, 'Id of a WebSocket message'),
]

/** A column, and the names under which logs have it: of the example or variable, in capitals or with `_`. */
interface Variable {
  readonly field: Field
  readonly column: string
  readonly names: readonly string[]
}

function variable(
  name: string,
  make: (column: string, description: string) => Field,
  description: string,
  others: readonly string[] = [],
): Variable {
  const column = name.toLowerCase()
  const names = [name, ...others].flatMap((each) => [each, snakeCase(each), `context.${each}`])
  return { field: make(column, description), column, names: [...new Set(names)] }
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

const fields = variables.map(({ field }) => field)
const columnOf: ReadonlyMap<string, string> = new Map(
  variables.flatMap(({ column, names }) => names.map((name) => [name.toLowerCase(), column] as const)),
)

function columnName(name: string): string {
  return columnOf.get(name.toLowerCase()) ?? name
}

const findField = fieldFinder(fields, columnName)
const ids = ['requestid', 'extendedrequestid']
const calls = ['httpmethod', 'routekey', 'resourcepath', 'eventtype']
const clfTime = /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}$/
/** Other services log requests too: so many members must be known, and the time as only API Gateway has it. */
const fewest = 5

export const apiGateway: Format = {
  name: 'api-gateway',
  delivery: 'none',
  about: 'API Gateway access logs as JSON, under the names of the examples or the variables',
  columns: columnsOf(fields),
  paths: variables.flatMap(({ column, names }) => names.map((path) => ({ path, column }))),
  app: { fields: ['apiid', 'domainname', 'stage'] },
  detection: recordDetection(wholeDocuments, () => parserFor([], isUnmistakable)),
  blocks: (bytes) => jsonRecords(bytes),
  parser: (appFields) => parserFor(appFields, hasId),
}

type Judge = (byColumn: JsonObject) => boolean

function parserFor(appFields: readonly string[], isOwn: Judge): LineParser {
  return (bytes, start, end, row) => {
    const document = parseJsonObject(bytes.toString('utf8', start, end))
    if (!document) return notJson
    const byColumn = columnsIn(document)
    if (!isOwn(byColumn))
      return reject('malformed', 'the record has no request id and names of API Gateway: another format?')
    const rest = writeMembers(row, document, onceEach())
    const time = readTime(byColumn['requesttimeepoch'])
    if (time !== undefined) row.eventTime(time)
    if (rest.length > 0) row.rest(toJson(Object.fromEntries(rest)))
    const app = firstMember(byColumn, appFields) ?? firstMember(document, appFields)
    if (app !== undefined) row.app(app)
    return inRow
  }
}

/** The members by column; of several for one column, the first. What has no column is under its own name. */
function columnsIn(document: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(document)
      .map(([name, value]) => [columnName(name), value] as const)
      .toReversed(),
  )
}

/** Finds a column for the first member that stands for it: the others keep their values in `rest`. */
function onceEach(): FieldFinder {
  const found = new Set<number>()
  return (name) => {
    const slot = findField(name)
    if (slot.column < 0) return slot
    if (found.has(slot.column)) return { name, field: undefined, column: -1 }
    found.add(slot.column)
    return slot
  }
}

/** API Gateway takes no format without an id of the request. */
function hasId(byColumn: JsonObject): boolean {
  return ids.some((name) => typeof byColumn[name] === 'string') && knownIn(byColumn) > 1
}

function isUnmistakable(byColumn: JsonObject): boolean {
  const isTimed =
    readTime(byColumn['requesttimeepoch']) !== undefined || clfTime.test(String(byColumn['requesttime']))
  const isCall = calls.some((name) => Object.hasOwn(byColumn, name))
  return hasId(byColumn) && isTimed && isCall && knownIn(byColumn) >= fewest
}

function knownIn(byColumn: JsonObject): number {
  return Object.keys(byColumn).filter((name) => findField(name).column >= 0).length
}
