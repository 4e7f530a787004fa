import type { Fauxqs } from './fauxqs.ts'
import { type BucketNotification, configurationId, refuseOverlaps, testMessage } from './notification.ts'
import { notificationDocument, readNotifications } from './notification-document.ts'

/** Why a configuration is refused, in S3's words. */
export class NotificationRefused extends Error {
  readonly code: 'InvalidArgument' | 'NotImplemented'

  constructor(code: NotificationRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

const setting = 'notifications'

/** The notifications of all buckets, kept beside fauxqs's data. */
export class Notifications {
  readonly #fauxqs: Fauxqs
  #all: readonly BucketNotification[]

  constructor(fauxqs: Fauxqs) {
    this.#fauxqs = fauxqs
    this.#all = JSON.parse(fauxqs.setting(setting) ?? '[]')
  }

  all(): readonly BucketNotification[] {
    return this.#all
  }

  /** Adds one, as whoever owns the bucket would have; in place of the one of its id. */
  add(notification: BucketNotification): void {
    const id = configurationId(notification)
    const others = this.#all.filter(
      (one) => one.bucket !== notification.bucket || configurationId(one) !== id,
    )
    this.#keep([...others, notification], [notification])
  }

  /** The XML of GetBucketNotificationConfiguration. */
  document(bucket: string): string {
    return notificationDocument(
      this.#all.filter((one) => one.bucket === bucket),
      (queue) => this.#fauxqs.sqs.getQueueByName(queue)?.arn ?? '',
    )
  }

  /** Replaces those of a bucket by the XML of PutBucketNotificationConfiguration. @throws NotificationRefused */
  put(bucket: string, document: string): void {
    const wanted = readNotifications(bucket, document)
    if (!wanted) throw new NotificationRefused('NotImplemented', 'only queues for s3:ObjectCreated:* here')
    if (!wanted.every((one) => mayTell(this.#fauxqs, one)))
      throw new NotificationRefused(
        'InvalidArgument',
        'Unable to validate the following destination configurations',
      )
    try {
      refuseOverlaps(wanted)
    } catch (error) {
      throw new NotificationRefused('InvalidArgument', String(error))
    }
    this.#keep([...this.#all.filter((one) => one.bucket !== bucket), ...wanted], wanted)
  }

  /** S3 sends a test event to each queue it is told to tell. */
  #keep(all: readonly BucketNotification[], added: readonly BucketNotification[]): void {
    this.#fauxqs.set(setting, JSON.stringify(all))
    this.#all = all
    for (const one of added) {
      const message = this.#fauxqs.createMessage(testMessage(one, new Date()))
      if (one.via === undefined) this.#fauxqs.sqs.getQueueByName(one.queue)?.enqueue(message)
    }
  }
}

/** Whether the queue is there and its policy lets S3 send to it for this bucket. */
export function mayTell({ sqs }: Fauxqs, { bucket, queue }: BucketNotification): boolean {
  const policy = sqs.getQueueByName(queue)?.attributes['Policy']
  if (policy === undefined) return false
  const { Statement }: { Statement: Record<string, unknown>[] } = JSON.parse(policy)
  return Statement.some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === 'Allow' &&
      JSON.stringify(Principal)?.includes('"s3.amazonaws.com"') &&
      String(Action).toLowerCase() === 'sqs:sendmessage' &&
      new RegExp(`"arn:aws[a-z-]*:s3:::${RegExp.escape(bucket)}"`).test(JSON.stringify(Condition)),
  )
}
