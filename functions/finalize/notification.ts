/**
 * Stage finalize: what Pub/Sub delivers, checked once, at the edge.
 *
 * Takes: a CloudEvent of a Pub/Sub message. Gives: the landed object it announces, or why there is nothing to
 * load. Fails: never. Safe to repeat: reads nothing but the message.
 * Shapes: https://cloud.google.com/storage/docs/pubsub-notifications (payload JSON_API_V1).
 */
import { z } from 'zod'
import type { FailureCode } from '../model/failure.ts'
import { parseLandingName } from '../model/landing-name.ts'
import type { LandedObject } from '../model/object.ts'
import type { IgnoredReason } from '../model/outcome.ts'

/** The message as functions-framework hands it over, after push or Eventarc. */
const eventSchema = z.object({
  data: z.object({
    message: z.object({
      data: z.base64(),
      attributes: z.record(z.string(), z.string()).default({}),
      messageId: z.string().optional(),
      publishTime: z.string().optional(),
    }),
  }),
})

const attributesSchema = z.object({
  eventType: z.string(),
  payloadFormat: z.literal('JSON_API_V1'),
  bucketId: z.string().min(1),
  objectId: z.string().min(1),
  objectGeneration: z.string().regex(/^\d+$/),
})

const resourceSchema = z.object({
  bucket: z.string(),
  name: z.string(),
  generation: z.string().regex(/^\d+$/),
  size: z.string().regex(/^\d+$/).transform(Number),
  crc32c: z.string().optional(),
  timeCreated: z.iso.datetime({ offset: true }),
  customTime: z.iso.datetime({ offset: true }).optional(),
  metadata: z.record(z.string(), z.string()).default({}),
})

/** A message, with the object it announces or the reason there is none. */
export interface Notification {
  readonly messageId: string
  /** Epoch milliseconds; absent when the message does not say. */
  readonly publishedAt: number | undefined
  /** True when the subscription has given up on this message and this is the delivery from its dead-letter topic. */
  readonly deadLettered: boolean
  readonly announced:
    | { readonly kind: 'object'; readonly object: LandedObject }
    /** There is nothing to load, as it should be. */
    | ({ readonly kind: 'nothing'; readonly reason: IgnoredReason } & Known)
    /** The bridge does not know what to do with the message: something is wrong, and the message is kept. */
    | ({ readonly kind: 'unclear'; readonly reason: UnclearReason } & Known)
}

type UnclearReason = Extract<FailureCode, 'not_a_notification' | 'unknown_bucket' | 'no_source'>

interface Known {
  readonly detail: string
  readonly landing?: string
}

/** Reads a CloudEvent. `event` is untrusted: any value is answered. */
export function readNotification(event: unknown, landingBucket: string): Notification {
  const parsed = eventSchema.safeParse(event)
  if (!parsed.success) {
    const message = messageIn(event)
    return {
      messageId: message.messageId ?? idOf(event),
      publishedAt: undefined,
      deadLettered: isDeadLetter(message.attributes),
      announced: unclear('not_a_notification', `no Pub/Sub message with data: ${faultsOf(parsed.error)}`),
    }
  }
  const { message } = parsed.data.data
  const publishedAt = Date.parse(message.publishTime ?? '')
  return {
    messageId: message.messageId ?? idOf(event),
    publishedAt: Number.isNaN(publishedAt) ? undefined : publishedAt,
    deadLettered: isDeadLetter(message.attributes),
    announced: readAnnounced(message.attributes, message.data, landingBucket),
  }
}

function readAnnounced(
  attributes: Record<string, string>,
  data: string,
  landingBucket: string,
): Notification['announced'] {
  const about = attributesSchema.safeParse(attributes)
  if (!about.success) return unclear('not_a_notification', `attributes: ${faultsOf(about.error)}`)
  const { eventType, bucketId, objectId, objectGeneration } = about.data
  const landing = `gs://${bucketId}/${objectId}`
  if (eventType !== 'OBJECT_FINALIZE') return nothing('other_event_type', eventType, landing)
  if (bucketId !== landingBucket)
    return unclear('unknown_bucket', `not the landing bucket ${landingBucket}`, landing)
  const resource = resourceSchema.safeParse(parseJson(data))
  if (!resource.success) return unclear('not_a_notification', `payload: ${faultsOf(resource.error)}`, landing)
  const { name, bucket, generation } = resource.data
  if (bucket !== bucketId || name !== objectId || generation !== objectGeneration) {
    return unclear('not_a_notification', 'payload and attributes name different objects', landing)
  }
  return announce(resource.data, landing)
}

function announce(resource: z.output<typeof resourceSchema>, landing: string): Notification['announced'] {
  const source = parseLandingName(resource.name)
  if (!source)
    return unclear('no_source', 'the name is not s3/<bucket>/<key>, with or without a lane', landing)
  if (source.key === '' || source.key.endsWith('/'))
    return nothing('directory', 'the name ends with "/"', landing)
  const etag = resource.metadata['x-goog-source-etag']?.replaceAll('"', '')
  const object: LandedObject = {
    bucket: resource.bucket,
    name: resource.name,
    generation: resource.generation,
    bytes: resource.size,
    landedAt: Date.parse(resource.timeCreated),
    source: {
      ...source,
      etag: etag || contentId(resource),
      ...(resource.customTime && { uploadedAt: Date.parse(resource.customTime) }),
    },
  }
  return { kind: 'object', object }
}

/** Identity of a copy that does not name its original. The same content has the same identity. */
function contentId({ crc32c, size, generation }: z.output<typeof resourceSchema>): string {
  return crc32c === undefined ? `generation:${generation}` : `crc32c:${crc32c}:${size}`
}

function nothing(reason: IgnoredReason, detail: string, landing?: string): Notification['announced'] {
  return { kind: 'nothing', reason, detail, ...(landing !== undefined && { landing }) }
}

function unclear(reason: UnclearReason, detail: string, landing?: string): Notification['announced'] {
  return { kind: 'unclear', reason, detail, ...(landing !== undefined && { landing }) }
}

/** What is known of a message that cannot be read: enough to recognise it as a dead letter. */
const anyMessage = z.object({
  messageId: z.string().optional(),
  attributes: z.record(z.string(), z.string()).default({}),
})

function messageIn(event: unknown): z.output<typeof anyMessage> {
  const inEvent = z.object({ data: z.object({ message: anyMessage }) }).safeParse(event)
  if (inEvent.success) return inEvent.data.data.message
  // A push without data is handed over as it came.
  const bare = z.object({ message: anyMessage }).safeParse(event)
  return bare.success ? bare.data.message : { attributes: {} }
}

function isDeadLetter(attributes: Readonly<Record<string, string>>): boolean {
  return attributes['CloudPubSubDeadLetterSourceSubscription'] !== undefined
}

function parseJson(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))
  } catch {
    // Not JSON: the schema refuses undefined with a reason of its own.
    return undefined
  }
}

function idOf(event: unknown): string {
  const id = z.object({ id: z.string() }).safeParse(event)
  return id.success ? id.data.id : 'none'
}

function faultsOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'whole'} ${issue.message}`).join('; ')
}
