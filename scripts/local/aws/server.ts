import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { partitionOf } from '../../../cdktf/aws/names.ts'
import { CallCounter } from '../calls.ts'
import { type FaultPlanInput, Faults } from '../faults.ts'
import type { LocalService } from '../service.ts'
import { type Fauxqs, openFauxqs } from './fauxqs.ts'
import { startIdentity } from './identity.ts'
import { type BucketNotification, configurationId, refuseOverlaps } from './notification.ts'
import { Notifications } from './notifications.ts'
import { serveOperations } from './serving.ts'

export interface AwsOptions {
  readonly directory: string
  /** 0, the default, takes a free one. */
  readonly port?: number
  readonly faults?: FaultPlanInput
  /** Default us-east-1. Clients must use the same, as queues belong to a region. */
  readonly region?: string
  /** Those a new directory begins with. */
  readonly notifications: readonly BucketNotification[]
  /** Queues with attributes of their own, dead-letter queues first. */
  readonly queues?: readonly { readonly name: string; readonly attributes: Record<string, string> }[]
  /** Twelve digits. */
  readonly account?: string
}

export interface AwsService {
  readonly s3: LocalService
  readonly sqs: LocalService
  readonly iam: LocalService
  stop(): Promise<void>
}

/** Seconds. Ours: S3 and SQS prescribe none of them. A message is tried ten times before it is set aside. */
const queueAttributes = { VisibilityTimeout: '30', ReceiveMessageWaitTimeSeconds: '20' }
const retention = { MessageRetentionPeriod: String(14 * 24 * 60 * 60) }
const maxReceiveCount = 10

/**
 * S3 and SQS on one port, served by fauxqs, with what fauxqs lacks: notifications of uploads. IAM and STS on another.
 *
 * Promises: when an upload has been acknowledged, both the object and its event message are on disk.
 * S3 clients need `forcePathStyle`, as the address is a bare IP; credentials are not looked at.
 * An object can be put in one piece up to 512 MiB and in parts beyond.
 *
 * Not modelled: signatures, IAM and queue policies, checksums sent by the client (stored, not verified),
 * conditional writes (refused), versioning, SNS and EventBridge (but as a way to a queue), message expiry,
 * server-side encryption. Of a bucket's notifications only those of new objects to queues can be written.
 */
export async function startAws(options: AwsOptions): Promise<AwsService> {
  const { directory, port = 0, region = 'us-east-1', account = '000000000000' } = options
  const { notifications: initial, queues = [] } = options
  refuseOverlaps(initial)
  mkdirSync(directory, { recursive: true })
  const fauxqs = await openFauxqs(directory, region)
  const faults = { s3: new Faults('s3', options.faults), sqs: new Faults('sqs', options.faults) }
  const calls = { s3: new CallCounter(), sqs: new CallCounter() }
  const notifications = new Notifications(fauxqs)
  serveOperations(fauxqs, { calls, faults, notifications, region })

  const address = await listen(fauxqs, port)
  const place = { address, region, account }
  for (const { name, attributes } of queues) ensureQueue(fauxqs, name, place, attributes)
  configure(fauxqs, notifications, initial, place)
  const iam = await startIdentity({
    account,
    kept: fauxqs.setting('iam'),
    keep: (state) => fauxqs.set('iam', state),
    ...(options.faults && { faults: options.faults }),
  })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= iam
      .stop()
      .then(() => fauxqs.app.close())
      .then(() => fauxqs.close())
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
    iam: { ...iam, stop },
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

interface Place {
  readonly address: string
  readonly region: string
  readonly account: string
}

/** Creates the buckets and queues that are not there yet. */
function configure(
  fauxqs: Fauxqs,
  kept: Notifications,
  initial: readonly BucketNotification[],
  place: Place,
): void {
  // Kept queues remember the port of the run that made them, and clients follow a queue's URL.
  for (const queue of fauxqs.sqs.allQueues()) Object.assign(queue, { url: queueUrl(place, queue.name) })
  for (const notification of initial) {
    fauxqs.s3.createBucket(notification.bucket)
    if (!fauxqs.sqs.getQueueByName(notification.queue)) {
      const deadLetters = ensureQueue(fauxqs, `${notification.queue}-dlq`, place, retention)
      ensureQueue(fauxqs, notification.queue, place, {
        ...queueAttributes,
        ...retention,
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount }),
      })
    }
    fauxqs.once(`notification ${configurationId(notification)}`, () => kept.add(notification))
  }
}

function ensureQueue(fauxqs: Fauxqs, name: string, place: Place, attributes: Record<string, string>) {
  const { region, account } = place
  const arn = `arn:${partitionOf(region)}:sqs:${region}:${account}:${name}`
  return (
    fauxqs.sqs.getQueueByName(name) ?? fauxqs.sqs.createQueue(name, queueUrl(place, name), arn, attributes)
  )
}

function queueUrl({ address, account }: Place, name: string): string {
  return `${address}/${account}/${name}`
}
