import { z } from 'zod'
import { invalid } from './error.ts'

const timestamp = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/)
  .transform((text, context) => {
    const date = new Date(text)
    if (!Number.isNaN(date.getTime())) return date.toISOString()
    context.addIssue('not a date')
    return z.NEVER
  })

const fields = {
  contentType: z.string(),
  contentEncoding: z.string(),
  contentDisposition: z.string(),
  contentLanguage: z.string(),
  cacheControl: z.string(),
  customTime: timestamp,
  storageClass: z.enum(['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE']),
}

/** What a writer says of an object. Everything else in its resource is the service's. */
export const attributesSchema = z
  .object(fields)
  .partial()
  .extend({
    metadata: z.record(z.string(), z.string()).optional(),
  })
export type Attributes = z.infer<typeof attributesSchema>

/** The body of a patch: null removes. */
const nullable = <Field extends z.ZodType>(field: Field) => field.nullable().optional()
export const attributesPatchSchema = z.object({
  contentType: nullable(fields.contentType),
  contentEncoding: nullable(fields.contentEncoding),
  contentDisposition: nullable(fields.contentDisposition),
  contentLanguage: nullable(fields.contentLanguage),
  cacheControl: nullable(fields.cacheControl),
  customTime: nullable(fields.customTime),
  metadata: nullable(z.record(z.string(), z.string().nullable())),
})
export type AttributesPatch = z.infer<typeof attributesPatchSchema>

/** Custom metadata may take 8 KiB in all (cloud.google.com/storage/quotas, November 2026). */
const customMetadataLimit = 8 * 1024

/** The attributes after a patch. Custom metadata is merged key by key. */
export function patched(before: Attributes, { metadata, ...patch }: AttributesPatch): Attributes {
  const merged = metadata === null ? {} : { ...before.metadata, ...metadata }
  const after = withoutNulls({ ...before, ...patch, metadata: withoutNulls(merged) })
  return checked(before, attributesSchema.parse(after))
}

/** The attributes after an update, which replaces everything but the storage class. */
export function replaced(before: Attributes, after: Attributes): Attributes {
  return checked(before, attributesSchema.parse({ ...after, storageClass: before.storageClass }))
}

/** Throws 400 for attributes an object cannot have. */
export function checked(before: Attributes | undefined, after: Attributes): Attributes {
  const size = Object.entries(after.metadata ?? {}).reduce(
    (sum, entry) => sum + Buffer.byteLength(entry.join('')),
    0,
  )
  if (size > customMetadataLimit) {
    throw invalid(`Custom metadata takes ${size} bytes; at most ${customMetadataLimit} are allowed.`)
  }
  if (before?.customTime && (after.customTime ?? '') < before.customTime) {
    throw invalid('Custom time cannot be unset or set to an earlier time once it is set.')
  }
  return after
}

function withoutNulls(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== null && value !== undefined),
  )
}
