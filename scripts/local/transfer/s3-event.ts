import { z } from 'zod'

const body = z.union([
  z.object({ Event: z.literal('s3:TestEvent') }),
  z.object({
    Records: z.array(
      z.object({
        eventVersion: z.string().regex(/^2\./),
        eventTime: z.string(),
        eventName: z.string(),
        s3: z.object({
          bucket: z.object({ name: z.string() }),
          object: z.object({ key: z.string(), size: z.number().optional(), eTag: z.string().optional() }),
        }),
      }),
    ),
  }),
])

/** An object that an S3 event says has come to be. */
export interface NewObject {
  readonly bucket: string
  /** Decoded. */
  readonly key: string
  readonly etag: string | undefined
  readonly size: number | undefined
  readonly uploadedAt: string
}

/** The new objects in a notification message of S3, none for its test message; undefined for anything else. */
export function parseS3Event(text: string): NewObject[] | undefined {
  try {
    const parsed = body.safeParse(JSON.parse(text))
    if (!parsed.success) return undefined
    if (!('Records' in parsed.data)) return []
    return parsed.data.Records.filter((record) => record.eventName.startsWith('ObjectCreated:')).map(
      ({ eventTime, s3: { bucket, object } }) => ({
        bucket: bucket.name,
        key: decodeURIComponent(object.key.replaceAll('+', ' ')),
        etag: object.eTag,
        size: object.size,
        uploadedAt: eventTime,
      }),
    )
  } catch (error) {
    // Neither JSON nor a well-encoded key: not a message of S3.
    if (error instanceof SyntaxError || error instanceof URIError) return undefined
    throw error
  }
}
