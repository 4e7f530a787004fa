import type { SQLOutputValue } from 'node:sqlite'
import { z } from 'zod'
import { type Attributes, attributesSchema } from './attributes.ts'

const rowSchema = z.object({
  bucket: z.string(),
  name: z.string(),
  generation: z.number(),
  metageneration: z.number(),
  size: z.number(),
  md5_hash: z.string(),
  crc32c: z.string(),
  created: z.string(),
  updated: z.string(),
  attributes: z.string(),
})

/** The live version of an object: all that is known of it but its bytes. */
export interface StoredObject {
  readonly bucket: string
  readonly name: string
  /** Microseconds since 1970, made unique and increasing. Names the file that holds the bytes. */
  readonly generation: number
  readonly metageneration: number
  /** Stored bytes. */
  readonly size: number
  readonly md5Hash: string
  readonly crc32c: string
  readonly created: string
  readonly updated: string
  readonly attributes: Attributes
}

export function storedObject(row: Record<string, SQLOutputValue>): StoredObject {
  const { md5_hash, attributes, ...rest } = rowSchema.parse(row)
  return { ...rest, md5Hash: md5_hash, attributes: attributesSchema.parse(JSON.parse(attributes)) }
}

/** An opaque name of exactly this version: the base64 of a small protobuf, as the service makes it. */
export function etagOf({ generation, metageneration }: Pick<StoredObject, 'generation' | 'metageneration'>) {
  return Buffer.from([0x08, ...varint(generation), 0x10, ...varint(metageneration)]).toString('base64')
}

/** The object resource of the JSON API. */
export function objectResource(object: StoredObject, origin: string): Record<string, unknown> {
  const { bucket, name, generation } = object
  const path = `storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${origin}/${path}`,
    mediaLink: `${origin}/download/${path}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation: String(generation),
    metageneration: String(object.metageneration),
    size: String(object.size),
    md5Hash: object.md5Hash,
    crc32c: object.crc32c,
    etag: etagOf(object),
    timeCreated: object.created,
    updated: object.updated,
    timeStorageClassUpdated: object.created,
    timeFinalized: object.created,
    storageClass: 'STANDARD',
    ...object.attributes,
  }
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...varint(Math.floor(value / 0x80))]
}
