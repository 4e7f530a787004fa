import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { Buckets } from './buckets.ts'
import { GcsError, invalid } from './error.ts'

const eventTypes = ['OBJECT_FINALIZE', 'OBJECT_METADATA_UPDATE', 'OBJECT_DELETE', 'OBJECT_ARCHIVE'] as const
export type EventType = (typeof eventTypes)[number]

/** The body of notificationConfigs.insert: which events of a bucket go to which topic. */
export const notificationSettingsSchema = z.strictObject({
  topic: z.string().regex(/^\/\/pubsub\.googleapis\.com\/projects\/[^/]+\/topics\/[^/]+$/),
  payload_format: z.enum(['JSON_API_V1', 'NONE']),
  event_types: z.array(z.enum(eventTypes)).optional(),
  object_name_prefix: z.string().optional(),
  custom_attributes: z.record(z.string(), z.string()).optional(),
})
export type NotificationSettings = z.infer<typeof notificationSettingsSchema>

export interface NotificationConfig extends NotificationSettings {
  readonly id: number
}

/** At most so many per bucket (cloud.google.com/storage/docs/pubsub-notifications, November 2026). */
const configsPerBucket = 100

export class NotificationConfigs {
  readonly #database: DatabaseSync
  readonly #buckets: Buckets

  constructor(database: DatabaseSync, buckets: Buckets) {
    this.#database = database
    this.#buckets = buckets
  }

  insert(bucket: string, settings: NotificationSettings): NotificationConfig {
    if (this.list(bucket).length >= configsPerBucket) {
      throw invalid(`Bucket ${bucket} has ${configsPerBucket} notification configurations; delete one first.`)
    }
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO notification_configs (bucket, settings) VALUES (?, ?)')
      .run(bucket, JSON.stringify(settings))
    return { id: Number(lastInsertRowid), ...settings }
  }

  list(bucket: string): NotificationConfig[] {
    this.#buckets.get(bucket)
    return this.#database
      .prepare('SELECT id, settings FROM notification_configs WHERE bucket = ? ORDER BY id')
      .all(bucket)
      .map(({ id, settings }) => ({
        id: Number(id),
        ...notificationSettingsSchema.parse(JSON.parse(String(settings))),
      }))
  }

  get(bucket: string, id: string): NotificationConfig {
    const config = this.list(bucket).find((each) => String(each.id) === id)
    if (!config)
      throw new GcsError(404, 'notFound', `The specified notification configuration does not exist: ${id}`)
    return config
  }

  delete(bucket: string, id: string): void {
    this.#database.prepare('DELETE FROM notification_configs WHERE id = ?').run(this.get(bucket, id).id)
  }
}

export function notificationResource(bucket: string, config: NotificationConfig, origin: string): unknown {
  const id = String(config.id)
  return {
    kind: 'storage#notification',
    selfLink: `${origin}/storage/v1/b/${bucket}/notificationConfigs/${id}`,
    etag: id,
    ...config,
    id,
  }
}
