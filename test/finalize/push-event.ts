/** Changes to the finalize message of an ordinary object; `undefined` leaves a member out. */
export interface MessageChanges {
  readonly attributes?: Readonly<Record<string, string | undefined>>
  readonly resource?: Readonly<Record<string, unknown>>
  readonly message?: Readonly<Record<string, unknown>>
}

export const landingBucket = 'example-landing'

/** The CloudEvent functions-framework makes of Pub/Sub's push of a Cloud Storage notification. */
export function pushEvent(name: string, changes: MessageChanges = {}): unknown {
  const resource = {
    kind: 'storage#object',
    bucket: landingBucket,
    name,
    generation: '1795169700000001',
    size: '1234',
    crc32c: 'AAAAAA==',
    timeCreated: '2026-11-20T10:15:00.250Z',
    metadata: { 'x-goog-source-etag': '"0123456789abcdef"' },
    ...changes.resource,
  }
  const attributes = {
    notificationConfig: `projects/_/buckets/${landingBucket}/notificationConfigs/1`,
    eventType: 'OBJECT_FINALIZE',
    payloadFormat: 'JSON_API_V1',
    bucketId: landingBucket,
    objectId: name,
    objectGeneration: '1795169700000001',
    eventTime: '2026-11-20T10:15:00.250Z',
    ...changes.attributes,
  }
  const message = {
    data: Buffer.from(JSON.stringify(resource)).toString('base64'),
    attributes,
    messageId: '77',
    publishTime: '2026-11-20T10:15:01.5Z',
    ...changes.message,
  }
  const event = {
    specversion: '1.0',
    id: '77',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    source: '//pubsub.googleapis.com/projects/example-project/topics/landed',
    data: { message },
  }
  // As it comes over the wire: without members that are undefined.
  return JSON.parse(JSON.stringify(event))
}
