import type { Fauxqs } from '../../../scripts/local/aws/fauxqs.ts'
import {
  type BucketNotification,
  covers,
  eventMessage,
  testMessage,
} from '../../../scripts/local/aws/notification.ts'
import { readNotifications } from '../../../scripts/local/aws/notification-document.ts'
import { mayTell } from '../../../scripts/local/aws/notifications.ts'
import { element } from '../../../scripts/local/aws/query.ts'

export interface Answer {
  readonly status: number
  readonly body?: string | Buffer
  readonly headers?: Record<string, string | string[] | number | undefined>
}

/** What S3 answers about a setting that was never put: an error code, or a document. */
const unset: Readonly<Record<string, { readonly code: string } | { readonly document: string }>> = {
  acl: {
    document: '<AccessControlPolicy><Owner><ID>owner</ID></Owner><AccessControlList/></AccessControlPolicy>',
  },
  accelerate: { document: '<AccelerateConfiguration/>' },
  cors: { code: 'NoSuchCORSConfiguration' },
  encryption: { code: 'ServerSideEncryptionConfigurationNotFoundError' },
  lifecycle: { code: 'NoSuchLifecycleConfiguration' },
  location: { document: '<LocationConstraint/>' },
  logging: { document: '<BucketLoggingStatus/>' },
  notification: { document: '<NotificationConfiguration/>' },
  'object-lock': { code: 'ObjectLockConfigurationNotFoundError' },
  ownershipControls: { code: 'OwnershipControlsNotFoundError' },
  policy: { code: 'NoSuchBucketPolicy' },
  publicAccessBlock: { code: 'NoSuchPublicAccessBlockConfiguration' },
  replication: { code: 'ReplicationConfigurationNotFoundError' },
  requestPayment: {
    document: '<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>',
  },
  tagging: { code: 'NoSuchTagSet' },
  versioning: { document: '<VersioningConfiguration/>' },
  website: { code: 'NoSuchWebsiteConfiguration' },
}

const xml = { 'content-type': 'application/xml' }

/**
 * What S3 says beside a setting's document, where nobody asked for anything else: Terraform waits for it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html [2026-11]
 */
const said: Readonly<Record<string, Record<string, string>>> = {
  lifecycle: { 'x-amz-transition-default-minimum-object-size': 'all_storage_classes_128K' },
}

/**
 * S3's settings of buckets, each kept as the document it was put as, and the events its notifications ask for. Queues
 * must exist and say in their policy that the bucket may send, as S3 checks with a test event.
 */
export class S3Calls {
  readonly #fauxqs: Fauxqs
  readonly #settings = new Map<string, string>()
  readonly #buckets = new Set<string>()
  #notifications: BucketNotification[] = []

  constructor(fauxqs: Fauxqs) {
    this.#fauxqs = fauxqs
  }

  inventory(): string[] {
    const put = [...this.#settings].filter(([, document]) => !/^<Notification[^>]*(\/>|><\/)/.test(document))
    return [...[...this.#buckets].map((name) => `bucket ${name}`), ...put.map(([name]) => `setting ${name}`)]
  }

  /** Of a request about a bucket's setting; undefined for any other. */
  answer(method: string, url: string, body: Buffer): Answer | undefined {
    const { bucket, key, query } = parts(url)
    const setting = Object.keys(unset).find((name) => query.has(name))
    if (!bucket || key || !setting) return undefined
    if (!this.#buckets.has(bucket)) return refused(404, 'NoSuchBucket')
    const name = `${bucket}?${setting}`
    if (method === 'PUT') return this.#put(bucket, setting, body.toString('utf8'))
    if (method === 'DELETE') {
      this.#settings.delete(name)
      return { status: 204 }
    }
    const put = this.#settings.get(name)
    if (put !== undefined) return { status: 200, body: put, headers: { ...xml, ...said[setting] } }
    const otherwise = unset[setting] ?? { code: 'NotImplemented' }
    return 'code' in otherwise
      ? refused(404, otherwise.code)
      : { status: 200, body: otherwise.document, headers: xml }
  }

  /** Told of what fauxqs has done. */
  happened(method: string, url: string): void {
    const { bucket, key } = parts(url)
    if (!key && method === 'PUT') this.#buckets.add(bucket)
    if (!key && method === 'DELETE') {
      this.#buckets.delete(bucket)
      for (const name of this.#settings.keys()) if (name.startsWith(`${bucket}?`)) this.#settings.delete(name)
    }
    if (key && method === 'PUT') this.#announce(bucket, decodeURIComponent(key))
  }

  #put(bucket: string, setting: string, document: string): Answer {
    if (setting === 'notification') {
      const wanted = readNotifications(bucket, document) ?? []
      if (!wanted.every((one) => mayTell(this.#fauxqs, one))) return refused(400, 'InvalidArgument')
      this.#notifications = [...this.#notifications.filter((one) => one.bucket !== bucket), ...wanted]
      for (const one of wanted) this.#send(one, testMessage(one, new Date()))
    }
    this.#settings.set(`${bucket}?${setting}`, document)
    return { status: 200 }
  }

  #announce(bucket: string, key: string): void {
    const { etag, contentLength, lastModified } = this.#fauxqs.s3.headObject(bucket, key)
    const about = { bucket, key, size: contentLength, etag: etag.replaceAll('"', ''), at: lastModified }
    for (const one of this.#notifications.filter((each) => covers(each, { bucket, key }))) {
      this.#send(one, eventMessage({ ...about, eventName: 'ObjectCreated:Put', region: 'us-east-1' }, one))
    }
  }

  #send({ queue }: BucketNotification, message: string): void {
    this.#fauxqs.sqs.getQueueByName(queue)?.enqueue(this.#fauxqs.createMessage(message))
  }
}

function parts(url: string): { bucket: string; key: string; query: URLSearchParams } {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(pathname) ?? []
  return { bucket, key, query: searchParams }
}

function refused(status: number, code: string): Answer {
  return { status, body: `<Error>${element('Code', code)}${element('Message', code)}</Error>`, headers: xml }
}
