import type { Format } from '../../model/format.ts'
import { recordDetection } from '../detecting/record-detection.ts'
import { integer, type JsonField, json, text, texts, time } from '../json/json-fields.ts'
import { columnsOf, pathsOf, recordParser } from '../json/json-record.ts'
import { jsonRecords, wholeDocuments } from '../json/json-records.ts'

/**
 * Audit events of a Kubernetes API server (audit.k8s.io/v1), of EKS's control plane too:
 * https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
 * A request has an event for each stage it reaches. The event_time is when it reached that stage: for a watch, hours
 * after it was received.
 */
const fields: readonly JsonField[] = [
  text('kind', 'Event'),
  text('apiVersion', 'audit.k8s.io/v1'),
  text('level', 'How much of the request is logged: Metadata, Request or RequestResponse'),
  text('auditID', 'Id of the request'),
  text('stage', 'RequestReceived, ResponseStarted, ResponseComplete or Panic'),
  text('requestURI', 'URI as the client asked for it'),
  text('verb', 'Verb of Kubernetes; of other requests, the HTTP method'),
  text('user.username', 'Who made the request'),
  text('user.uid', 'Id of that user'),
  texts('user.groups', 'Groups of that user'),
  json('user.extra', 'What the authenticator says beyond that'),
  text('impersonatedUser.username', 'Whom the user impersonated'),
  text('impersonatedUser.uid', 'Id of the impersonated user'),
  texts('impersonatedUser.groups', 'Groups of the impersonated user'),
  json('impersonatedUser.extra', 'What is said of it beyond that'),
  texts('sourceIPs', 'Addresses the request came from, proxies last'),
  text('userAgent', 'User-Agent of the request'),
  text('objectRef.resource', 'Kind of the object, such as pods'),
  text('objectRef.namespace', 'Namespace of the object'),
  text('objectRef.name', 'Name of the object'),
  text('objectRef.uid', 'Id of the object'),
  text('objectRef.apiGroup', 'API group of the object; absent for the core group'),
  text('objectRef.apiVersion', 'Version of that group'),
  text('objectRef.resourceVersion', 'Version of the object'),
  text('objectRef.subresource', 'Part of the object, such as status or log'),
  integer('responseStatus.code', 'HTTP status code'),
  text('responseStatus.status', 'Success or Failure'),
  text('responseStatus.reason', 'Why the request failed, in a word'),
  text('responseStatus.message', 'Why the request failed'),
  json('responseStatus.details', 'What is known of the failure beyond that'),
  json('responseStatus.metadata', 'Metadata of the status: empty as a rule'),
  json('requestObject', 'Object of the request: at levels Request and RequestResponse'),
  json('responseObject', 'Object of the response: at level RequestResponse'),
  time('requestReceivedTimestamp', 'When the API server got the request', { unit: 'iso' }),
  time('stageTimestamp', 'When the request reached this stage', { unit: 'iso', isEventTime: true }),
  json('annotations', 'What plugins say of the request: decision, reason, ...'),
]

const shape = { fields, required: ['auditID', 'stage', 'requestURI', 'verb'] }

export const kubernetesAudit: Format = {
  name: 'kubernetes-audit',
  delivery: 'none',
  about: 'Kubernetes audit events, audit.k8s.io/v1, of EKS too',
  columns: columnsOf(fields),
  paths: pathsOf(fields),
  // A user may be any node or service account. What belongs to no namespace goes by its kind.
  app: { fields: ['objectref_namespace', 'objectref_resource'] },
  detection: recordDetection(wholeDocuments, () => recordParser(shape, [])),
  blocks: (bytes) => jsonRecords(bytes),
  parser: (appFields) => recordParser(shape, appFields),
}
