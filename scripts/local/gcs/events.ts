import type { EventType, NotificationConfigs } from './notification-configs.ts'
import type { Outbox } from './outbox.ts'
import { objectResource, type StoredObject } from './stored-object.ts'

type Attributes = Readonly<Record<string, string>>

/**
 * Turns what happens to objects into Pub/Sub messages, one per notification configuration that asks for it.
 * Called inside the transaction that makes it happen: an acknowledged change always has its messages.
 */
export class ObjectEvents {
  readonly #configs: NotificationConfigs
  readonly #outbox: Outbox
  readonly #origin: string
  readonly #clock: () => Date

  constructor(configs: NotificationConfigs, outbox: Outbox, origin: string, clock: () => Date) {
    this.#configs = configs
    this.#outbox = outbox
    this.#origin = origin
    this.#clock = clock
  }

  /** A new live version, and the end of the one it replaces. */
  recordReplacement(object: StoredObject, overwritten: StoredObject | undefined): void {
    if (!overwritten) {
      this.record('OBJECT_FINALIZE', object)
      return
    }
    this.record('OBJECT_FINALIZE', object, { overwroteGeneration: String(overwritten.generation) })
    this.record('OBJECT_DELETE', overwritten, { overwrittenByGeneration: String(object.generation) })
  }

  record(eventType: EventType, object: StoredObject, replacement: Attributes = {}): void {
    const { bucket, name, generation } = object
    for (const config of this.#configs.list(bucket)) {
      if (config.event_types?.length && !config.event_types.includes(eventType)) continue
      if (!name.startsWith(config.object_name_prefix ?? '')) continue
      this.#outbox.add({
        topic: config.topic.replace('//pubsub.googleapis.com/', ''),
        attributes: {
          ...config.custom_attributes,
          notificationConfig: `projects/_/buckets/${bucket}/notificationConfigs/${config.id}`,
          eventType,
          payloadFormat: config.payload_format,
          bucketId: bucket,
          objectId: name,
          objectGeneration: String(generation),
          eventTime: this.#clock().toISOString().replace('Z', '000Z'),
          ...replacement,
        },
        data: config.payload_format === 'NONE' ? '' : JSON.stringify(objectResource(object, this.#origin)),
      })
    }
  }
}
