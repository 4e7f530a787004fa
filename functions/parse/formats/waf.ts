import { vendedLogs } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { recordDetection } from '../detecting/record-detection.ts'
import { integer, type JsonField, json, text, textOrDash, texts, time } from '../json/json-fields.ts'
import { columnsOf, pathsOf, recordParser } from '../json/json-record.ts'
import { jsonRecords, wholeDocuments } from '../json/json-records.ts'

/**
 * Traffic logs of WAF web ACLs: https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html
 * Column names are those of Athena's DDL for the same log; `httprequest_clientip` is its `httprequest.clientip`.
 * The country is `-` when unknown; so is the resource protected in AWS's own examples.
 */
const fields: readonly JsonField[] = [
  time('timestamp', 'When the request was inspected', { unit: 'millis', isEventTime: true }),
  integer('formatVersion', 'Version of the log format'),
  text('webaclId', 'ARN of the web ACL'),
  text('terminatingRuleId', 'Rule that ended the inspection, or Default_Action'),
  text('terminatingRuleType', 'REGULAR, RATE_BASED, GROUP or MANAGED_RULE_GROUP'),
  text('action', 'What that rule did: ALLOW, BLOCK, CAPTCHA or CHALLENGE'),
  json('terminatingRuleMatchDetails', 'What that rule matched'),
  textOrDash('httpSourceName', 'Kind of the resource protected: CF, ALB, APIGW, APPSYNC, ...'),
  textOrDash('httpSourceId', 'Id of the resource protected'),
  json('ruleGroupList', 'Rule groups that acted on the request'),
  json('rateBasedRuleList', 'Rate-based rules that acted on the request'),
  json('nonTerminatingMatchingRules', 'Rules that matched and did not end the inspection'),
  json('requestHeadersInserted', 'Headers inserted for custom request handling'),
  integer('responseCodeSent', 'Status code of a custom response'),
  text('httpRequest.clientIp', 'Address of the client'),
  textOrDash('httpRequest.country', 'Country of that address'),
  json('httpRequest.headers', 'Headers, in order, as {name, value}'),
  text('httpRequest.uri', 'URI path'),
  text('httpRequest.args', 'Query string'),
  text('httpRequest.httpVersion', 'HTTP version'),
  text('httpRequest.httpMethod', 'HTTP method'),
  text('httpRequest.requestId', 'Id the resource gave the request'),
  text('httpRequest.fragment', 'URL fragment'),
  text('httpRequest.scheme', 'URL scheme'),
  text('httpRequest.host', 'Host header'),
  json('labels', 'Labels on the request'),
  json('captchaResponse', 'Outcome of a CAPTCHA'),
  json('challengeResponse', 'Outcome of a challenge'),
  text('ja3Fingerprint', 'JA3 fingerprint of the TLS handshake'),
  text('ja4Fingerprint', 'JA4 fingerprint of the TLS handshake'),
  texts('oversizeFields', 'Parts of the request too large to be inspected whole'),
  integer('requestBodySize', 'Bytes of the request body'),
  integer('requestBodySizeInspectedByWAF', 'Bytes of it that were inspected'),
]

const shape = { fields, required: ['timestamp', 'webaclId', 'httpRequest'] }

export const waf: Format = {
  name: 'waf',
  delivery: vendedLogs,
  about: 'WAF logs',
  columns: columnsOf(fields),
  paths: pathsOf(fields),
  app: { fields: ['webaclid'], match: /\/webacl\/([^/]+)/ },
  detection: recordDetection(wholeDocuments, () => recordParser(shape, []), /_waflogs_|(^|\/)aws-waf-logs-/),
  blocks: (bytes) => jsonRecords(bytes),
  parser: (appFields) => recordParser(shape, appFields),
}
