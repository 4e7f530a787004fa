import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { CallCounter } from '../calls.ts'
import { type FaultPlanInput, Faults } from '../faults.ts'
import type { LocalService } from '../service.ts'
import { type Fauxqs, openFauxqs } from './fauxqs.ts'
import { type BucketNotification, configurationId, refuseOverlaps, testMessage } from './notification.ts'
import { serveOperations } from './serving.ts'

export interface AwsOptions {
  readonly directory: string
  /** 0, the default, takes a free one. */
  readonly port?: number
  readonly faults?: FaultPlanInput
  /** Default us-east-1. Clients must use the same, as queues belong to a region. */
  readonly region?: string
  readonly notifications: readonly BucketNotification[]
}

export interface AwsService {
  readonly s3: LocalService
  readonly sqs: LocalService
  stop(): Promise<void>
}

/** Seconds. Ours: S3 and SQS prescribe none of them. A message is tried ten times before it is set aside. */
const queueAttributes = { VisibilityTimeout: '30', ReceiveMessageWaitTimeSeconds: '20' }
const retention = { MessageRetentionPeriod: String(14 * 24 * 60 * 60) }
const maxReceiveCount = 10

/**
 * S3 and SQS on one port, served by fauxqs, with what fauxqs lacks: notifications of uploads.
 *
 * Promises: when an upload has been acknowledged, both the object and its event message are on disk.
 * S3 clients need `forcePathStyle`, as the address is a bare IP; credentials are not looked at.
 * An object can be put in one piece up to 512 MiB and in parts beyond.
 *
 * Not modelled: signatures, IAM and queue policies, checksums sent by the client (stored, not verified),
 * conditional writes (refused), versioning, SNS and EventBridge, message expiry, server-side encryption.
 * The bucket's notifications are those given here; PutBucketNotificationConfiguration is refused.
 */
export async function startAws(options: AwsOptions): Promise<AwsService> {
  const { directory, port = 0, region = 'us-east-1', notifications } = options
  refuseOverlaps(notifications)
  mkdirSync(directory, { recursive: true })
  const fauxqs = await openFauxqs(directory, region)
  const faults = { s3: new Faults('s3', options.faults), sqs: new Faults('sqs', options.faults) }
  const calls = { s3: new CallCounter(), sqs: new CallCounter() }
  serveOperations(fauxqs, { calls, faults, notifications, region })

  const address = await listen(fauxqs, port)
  configure(fauxqs, notifications, { address, region })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= fauxqs.app.close().then(() => fauxqs.close())
    return stopped
  }
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: region }
  return {
    s3: {
      name: 's3',
      environment: { AWS_ENDPOINT_URL_S3: address, ...credentials },
      calls: () => calls.s3.snapshot(),
      stop,
    },
    sqs: {
      name: 'sqs',
      environment: { AWS_ENDPOINT_URL_SQS: address, ...credentials },
      calls: () => calls.sqs.snapshot(),
      stop,
    },
    stop,
  }
}

async function listen(fauxqs: Fauxqs, port: number): Promise<string> {
  try {
    await fauxqs.app.listen({ port, host: '127.0.0.1' })
  } catch (error) {
    await fauxqs.app.close()
    fauxqs.close()
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new Error(`port ${port} is in use (S3 and SQS): stop what uses it or choose another`, {
        cause: error,
      })
    }
    throw error
  }
  const bound = fauxqs.app.server.address() as AddressInfo
  return `http://127.0.0.1:${bound.port}`
}

/** Creates the buckets and queues that are not there yet. */
function configure(
  fauxqs: Fauxqs,
  notifications: readonly BucketNotification[],
  place: { address: string; region: string },
): void {
  // Kept queues remember the port of the run that made them, and clients follow a queue's URL.
  for (const queue of fauxqs.sqs.allQueues())
    Object.assign(queue, { url: queueUrl(place.address, queue.name) })
  for (const notification of notifications) {
    fauxqs.s3.createBucket(notification.bucket)
    const deadLetters = ensureQueue(fauxqs, `${notification.queue}-dlq`, place, retention)
    const queue = ensureQueue(fauxqs, notification.queue, place, {
      ...queueAttributes,
      ...retention,
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount }),
    })
    fauxqs.once(configurationId(notification), () => {
      queue.enqueue(fauxqs.createMessage(testMessage(notification, new Date())))
    })
  }
}

function ensureQueue(
  fauxqs: Fauxqs,
  name: string,
  { address, region }: { address: string; region: string },
  attributes: Record<string, string>,
) {
  const arn = `arn:aws:sqs:${region}:000000000000:${name}`
  return (
    fauxqs.sqs.getQueueByName(name) ?? fauxqs.sqs.createQueue(name, queueUrl(address, name), arn, attributes)
  )
}

function queueUrl(address: string, name: string): string {
  return `${address}/000000000000/${name}`
}
