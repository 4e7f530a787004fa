import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { bucketArn } from '../../cdktf/aws/names.ts'
import { bridgeNames, queueName } from '../../functions/config/names.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import type { Clients } from '../clients.ts'

/**
 * Announces a copy in the landing bucket once more, just as Cloud Storage announced it: the subscription of its lane
 * takes it, and the ledger decides whether it is loaded.
 * https://docs.cloud.google.com/storage/docs/pubsub-notifications [2026-11]
 * @param name of the copy. @returns false when there is no such copy any more.
 */
export async function announceCopy(
  bridge: Pick<Bridge, 'name' | 'google'>,
  { storage, pubsub }: Pick<Clients, 'storage' | 'pubsub'>,
  name: string,
): Promise<boolean> {
  const bucket = bridge.google.landingBucket
  const resource = await resourceOf(storage, bucket, name)
  if (!resource) return false
  const attributes = {
    eventType: 'OBJECT_FINALIZE',
    payloadFormat: 'JSON_API_V1',
    bucketId: bucket,
    objectId: name,
    objectGeneration: String(resource.generation),
    eventTime: new Date().toISOString(),
  }
  const topic = pubsub.topic(bridgeNames(bridge).topic)
  await topic.publishMessage({ data: Buffer.from(JSON.stringify(resource)), attributes })
  return true
}

/** An object in S3 as it is now. */
export interface Uploaded {
  readonly key: string
  readonly etag: string
  readonly bytes: number
  /** Epoch milliseconds. */
  readonly uploadedAt: number
}

/**
 * Announces an upload once more, just as S3 announced it: to the queue that the source's transfer reads, which passes over
 * what it has a copy of.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html [2026-11]
 */
export async function announceUpload(
  bridge: Pick<Bridge, 'name' | 'aws'>,
  { sqs }: Pick<Clients, 'sqs'>,
  source: DeployedSource,
  { key, etag, bytes, uploadedAt }: Uploaded,
): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName(bridge, source) }))
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: bridge.aws.region,
    eventTime: new Date(uploadedAt).toISOString(),
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'causeway',
      bucket: { name: source.bucket, arn: bucketArn(bridge, source.bucket) },
      object: { key: formUrlEncoded(key), size: bytes, eTag: etag },
    },
  }
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ Records: [record] }) }))
}

/** As keys are in S3's events: a blank is a plus. */
function formUrlEncoded(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/')
}

/** What is left of an object that was announced, and of which nothing was heard. */
export function stillTried({ uri }: { readonly uri: string }): string {
  return `${uri} is announced, and not loaded yet: it is still being tried; look again in a while`
}

async function resourceOf(storage: Clients['storage'], bucket: string, name: string) {
  try {
    const [resource] = await storage.bucket(bucket).file(name).getMetadata()
    return resource
  } catch (error) {
    if (error instanceof Error && 'code' in error && Number(error.code) === 404) return undefined
    throw error
  }
}
