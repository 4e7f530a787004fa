import type { Delivery } from '../../model/delivery.ts'
import type { Format } from '../../model/format.ts'
import { recordDetection } from '../detecting/record-detection.ts'
import { float, type JsonField, json, text, time } from '../json/json-fields.ts'
import { columnsOf, pathsOf, recordParser } from '../json/json-record.ts'
import { jsonRecords, wholeDocuments } from '../json/json-records.ts'

/**
 * Findings that GuardDuty exports to S3, as JSON lines:
 * https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html
 * Column names are those of Athena's DDL for the same log, whose structs are JSON here. A finding is exported again
 * whenever it recurs: the event_time is that of the update, and `service` has when it was first and last seen.
 */
const fields: readonly JsonField[] = [
  text('schemaVersion', 'Version of the finding format'),
  text('accountId', 'Account the finding is about'),
  text('region', 'Region of the finding'),
  text('partition', 'Partition of that region, such as aws'),
  text('id', 'Id of the finding, the same for all its updates'),
  text('arn', 'ARN of the finding'),
  text('type', 'Type of the finding, such as Recon:EC2/PortProbeUnprotectedPort'),
  json('resource', 'What was attacked, or was the attacker'),
  json('service', 'What happened: action, evidence, count, first and last time'),
  float('severity', 'Severity, from 1 to 10'),
  float('confidence', 'Confidence in the finding'),
  time('createdAt', 'When the finding was made', { unit: 'iso' }),
  time('updatedAt', 'When it was updated last', { unit: 'iso', isEventTime: true }),
  text('title', 'Title of the finding'),
  text('description', 'What was found'),
  text('associatedAttackSequenceArn', 'ARN of the attack sequence it is part of'),
]

const shape = { fields, required: ['schemaVersion', 'accountId', 'type', 'severity', 'updatedAt', 'service'] }

/**
 * https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html [2026-11]
 * It encrypts what it writes with the key of KMS that the export names, whatever the bucket's own is.
 */
const findingsExport: Delivery = {
  service: 'guardduty.amazonaws.com',
  readsAcl: false,
  readsLocation: true,
  namesAccount: true,
  underAccount: true,
  takesKmsKeys: true,
}

export const guardduty: Format = {
  name: 'guardduty',
  delivery: findingsExport,
  about: 'GuardDuty findings as exported to S3',
  columns: columnsOf(fields),
  paths: pathsOf(fields),
  app: { fields: ['accountid'] },
  detection: recordDetection(
    wholeDocuments,
    () => recordParser(shape, []),
    /(^|\/)AWSLogs\/\d+\/GuardDuty\//,
  ),
  blocks: (bytes) => jsonRecords(bytes),
  parser: (appFields) => recordParser(shape, appFields),
}
