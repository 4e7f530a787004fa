import { request } from 'node:http'
import type { FileMetadata } from '@google-cloud/storage'
import { bridgeNames } from '../../../functions/config/names.ts'
import type { Bridge } from '../../../functions/config/schema.ts'

/** Changes to what the notification of an object says by itself. */
export interface NotificationChanges {
  readonly messageId?: string
  /** The source's ETag: another one makes another object of it, without another upload. */
  readonly etag?: string
  /** The delivery from the dead-letter topic, after which nothing comes. */
  readonly deadLettered?: boolean
}

/** The body of Pub/Sub's push of Cloud Storage's notification of an object, from what the bucket says of the object. */
export function pushBody(bridge: Bridge, resource: FileMetadata, changes: NotificationChanges = {}): string {
  const { messageId = '1', etag, deadLettered = false } = changes
  const { subscription } = bridgeNames(bridge)
  const metadata = { ...resource.metadata, ...(etag !== undefined && { 'x-goog-source-etag': etag }) }
  const attributes = {
    notificationConfig: `projects/_/buckets/${resource.bucket}/notificationConfigs/1`,
    eventType: 'OBJECT_FINALIZE',
    payloadFormat: 'JSON_API_V1',
    bucketId: resource.bucket,
    objectId: resource.name,
    objectGeneration: String(resource.generation),
    ...(deadLettered && { CloudPubSubDeadLetterSourceSubscription: subscription.split('/').at(-1) }),
  }
  const message = {
    data: Buffer.from(JSON.stringify({ ...resource, metadata })).toString('base64'),
    attributes,
    messageId,
    message_id: messageId,
    publishTime: new Date().toISOString(),
  }
  return JSON.stringify({ message, subscription })
}

/** Pushes a body to a load function, once. Gives whether it was acknowledged; no answer is none. */
export function push(bridge: Bridge, port: number, body: string): Promise<boolean> {
  // The topic's name in the path is where functions-framework reads it.
  const url = `http://127.0.0.1:${port}/${bridgeNames(bridge).topic}`
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve) => {
    request(url, { method: 'POST', headers })
      .on('response', (response) => {
        const acknowledged = response.statusCode === 204 || response.statusCode === 200
        response.resume().once('close', () => resolve(acknowledged))
      })
      .on('error', () => resolve(false))
      .end(body)
  })
}
