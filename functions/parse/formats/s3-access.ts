import type { Format } from '../../model/format.ts'
import { address } from '../text/addresses.ts'
import { columnsOf, delimitedParser } from '../text/delimited.ts'
import { type Field, integer, logTime, looselyQuoted, text } from '../text/fields.ts'
import { isDashField, isQuoted } from '../text/following-field.ts'

const space = 0x20
const quote = 0x22

/**
 * Server access log records of S3, in the order of
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 * Column names are those of Athena's DDL for the same log. S3 writes quotes within a request or a header as they came,
 * so what follows tells where such a field ends.
 */
const fields: readonly Field[] = [
  text('bucketowner', 'Canonical user id of the owner of the bucket'),
  text('bucket_name', 'Bucket the request was for'),
  logTime('requestdatetime', 'When the request was received'),
  address('remoteip', 'Address of the requester'),
  text('requester', 'Canonical user id or ARN of the requester'),
  text('requestid', 'Id of the request'),
  text('operation', 'Operation, such as REST.GET.OBJECT'),
  text('key', 'Object key, URL-encoded as delivered'),
  looselyQuoted(text('request_uri', 'Request line as delivered'), isStatus),
  integer('httpstatus', 'Status code of the answer'),
  text('errorcode', 'S3 error code'),
  integer('bytessent', 'Bytes sent, without protocol overhead'),
  integer('objectsize', 'Size of the object'),
  integer('totaltime', 'Milliseconds from receiving the request to sending the last byte'),
  integer('turnaroundtime', 'Milliseconds S3 took to process the request'),
  looselyQuoted(text('referrer', 'Referer header as delivered'), isQuoted),
  looselyQuoted(text('useragent', 'User-Agent header as delivered'), isVersion),
  text('versionid', 'Version id in the request'),
  text('hostid', 'Extended request id'),
  text('sigv', 'Signature version: SigV2 or SigV4'),
  text('ciphersuite', 'TLS cipher'),
  text('authtype', 'AuthHeader, QueryString or POST'),
  text('endpoint', 'Host header: the endpoint used'),
  text('tlsversion', 'TLS version'),
  text('accesspointarn', 'ARN of the access point'),
  text('aclrequired', 'Yes if an ACL was required to authorise the request'),
  text('sourceregion', 'Region the request came from'),
]

/** The oldest lines end with the version id. */
const oldestFieldCount = 18

export const s3Access: Format = {
  name: 's3-access',
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html,
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshooting-server-access-logging.html [both 2026-11]
  delivery: {
    service: 'logging.s3.amazonaws.com',
    readsAcl: false,
    namesAccount: true,
    underAccount: false,
    takesKmsKeys: false,
  },
  about: 'S3 server access logs, every generation of trailing fields',
  columns: columnsOf(fields),
  fixed: true,
  app: { fields: ['bucket_name'] },
  // Delivered under the user's own prefix and the time: 2026-11-20-10-15-00-0123456789ABCDEF.
  detection: { reads: 'own', key: /(^|\/)\d{4}(-\d\d){5}-[0-9A-F]{16}$/ },
  parser: (appFields) => delimitedParser(fields, oldestFieldCount, appFields),
}

function isStatus(bytes: Buffer, start: number, end: number): boolean {
  if (isDashField(bytes, start, end)) return true
  for (let at = start; at < start + 3; at++) if (!isDigit(bytes[at])) return false
  return start + 3 === end || bytes[start + 3] === space
}

/** A version id is `-`, `null` or 32 characters. */
function isVersion(bytes: Buffer, start: number, end: number): boolean {
  if (isDashField(bytes, start, end)) return true
  let to = start
  while (to < end && to < start + 33 && bytes[to] !== space && bytes[to] !== quote) to++
  const ended = to === end || bytes[to] === space
  return ended && (to - start === 32 || bytes.toString('latin1', start, to) === 'null')
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}
