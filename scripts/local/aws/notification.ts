import { randomUUID } from 'node:crypto'

/** Events of new objects of a bucket, under a prefix and a suffix, go to a queue. */
export interface BucketNotification {
  readonly bucket: string
  readonly prefix?: string
  readonly suffix?: string
  /** Name of the queue. Unless it is there, it is created, with `<queue>-dlq` as its dead-letter queue. */
  readonly queue: string
  /** Its id in the bucket's configuration, and in messages. One of its parts when absent. */
  readonly id?: string
  /** The bucket tells a topic or EventBridge, which tells the queue: modelled as one hop. */
  readonly via?: { readonly topic: string } | 'eventbridge'
}

/** The uploads S3 tells of, with the name of their event. */
export const uploadEvents: Readonly<Record<string, string>> = {
  PutObject: 'ObjectCreated:Put',
  CopyObject: 'ObjectCreated:Copy',
  CompleteMultipartUpload: 'ObjectCreated:CompleteMultipartUpload',
}

export interface Upload {
  readonly eventName: string
  readonly bucket: string
  readonly key: string
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  readonly at: Date
  readonly region: string
}

/** The name by which a notification is known in its messages. */
export function configurationId({ id, bucket, prefix = '', suffix = '', queue }: BucketNotification): string {
  return id ?? [bucket, prefix, suffix, queue].join('|')
}

export function covers(notification: BucketNotification, upload: { bucket: string; key: string }): boolean {
  const { bucket, prefix = '', suffix = '' } = notification
  return upload.bucket === bucket && upload.key.startsWith(prefix) && upload.key.endsWith(suffix)
}

/**
 * Refuses two notifications that one object could match both, as PutBucketNotificationConfiguration does.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
export function refuseOverlaps(notifications: readonly BucketNotification[]): void {
  for (const [index, one] of notifications.entries()) {
    const other = notifications.slice(0, index).find((earlier) => overlap(one, earlier))
    if (!other) continue
    throw new Error(
      `notifications ${configurationId(other)} and ${configurationId(one)} overlap: ` +
        'S3 takes one queue per object; give them disjoint prefixes or suffixes',
    )
  }
}

function overlap(one: BucketNotification, other: BucketNotification): boolean {
  const [a, b] = [one.prefix ?? '', other.prefix ?? '']
  const [c, d] = [one.suffix ?? '', other.suffix ?? '']
  const prefixes = a.startsWith(b) || b.startsWith(a)
  return one.bucket === other.bucket && prefixes && (c.endsWith(d) || d.endsWith(c))
}

/**
 * The message S3 puts in the queue for a new object.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function eventMessage(upload: Upload, notification: BucketNotification): string {
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: upload.region,
    eventTime: upload.at.toISOString(),
    eventName: upload.eventName,
    userIdentity: { principalId: 'local' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId(), 'x-amz-id-2': 'local' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: configurationId(notification),
      bucket: {
        name: upload.bucket,
        ownerIdentity: { principalId: 'local' },
        arn: `arn:aws:s3:::${upload.bucket}`,
      },
      object: {
        key: formUrlEncode(upload.key),
        size: upload.size,
        eTag: upload.etag,
        sequencer: nextSequencer(upload.at),
      },
    },
  }
  return JSON.stringify({ Records: [record] })
}

/** What S3 puts in a queue once, when a notification to it is configured. */
export function testMessage(notification: BucketNotification, at: Date): string {
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: at.toISOString(),
    Bucket: notification.bucket,
    RequestId: requestId(),
    HostId: 'local',
  })
}

/** Form encoding as S3 applies it to keys: a space is `+`, a slash stays. */
export function formUrlEncode(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
}

let uploads = 0

/** Hex, and greater for a later upload of the same key: milliseconds, then a count within the process. */
function nextSequencer(at: Date): string {
  uploads = (uploads + 1) % 0x1_0000_0000
  return (at.getTime().toString(16).padStart(12, '0') + uploads.toString(16).padStart(8, '0')).toUpperCase()
}

function requestId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()
}
