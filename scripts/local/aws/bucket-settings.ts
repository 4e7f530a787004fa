import type { Fauxqs } from './fauxqs.ts'
import { NotificationRefused, type Notifications } from './notifications.ts'
import type { AwsOperation } from './operation.ts'
import { type WireError, wireError } from './wire-error.ts'

export interface BucketSettings {
  readonly fauxqs: Fauxqs
  readonly notifications: Notifications
  readonly region: string
}

/** Answers a call about a bucket's settings, which fauxqs has none of; undefined for any other call. */
export function answerBucketSetting(
  { fauxqs, notifications, region }: BucketSettings,
  operation: AwsOperation,
  body: string,
): WireError | undefined {
  if (operation.service !== 's3' || !/Bucket(Location|Notification)/.test(operation.call)) return undefined
  const { bucket, call } = operation
  if (!fauxqs.s3['buckets'].has(bucket))
    return wireError('s3', 'NoSuchBucket', 'The specified bucket does not exist')
  if (call === 'GetBucketLocation') return ok(locationDocument(region))
  if (call === 'GetBucketNotificationConfiguration') return ok(notifications.document(bucket))
  try {
    notifications.put(bucket, body)
    return ok('')
  } catch (error) {
    if (!(error instanceof NotificationRefused)) throw error
    return wireError('s3', error.code, error.message)
  }
}

/** The oldest region has no name here. Clients take the element for the answer itself only by its namespace. */
function locationDocument(region: string): string {
  const name = region === 'us-east-1' ? '' : region
  return `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${name}</LocationConstraint>`
}

function ok(body: string): WireError {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}
