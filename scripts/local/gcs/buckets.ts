import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { projectNumber } from '../project-number.ts'
import { atomically } from './database.ts'
import { GcsError, invalid, noSuchBucket } from './error.ts'

const bucketSchema = z.object({
  name: z.string(),
  location: z.string(),
  storage_class: z.string(),
  created: z.string(),
})
export type Bucket = z.infer<typeof bucketSchema>

export const newBucketSchema = z.object({
  name: z.string(),
  location: z.string().toUpperCase().default('US'),
  storageClass: z.string().default('STANDARD'),
})

const bindingSchema = z.looseObject({ role: z.string(), members: z.array(z.string()) })
export const policySchema = z.looseObject({ bindings: z.array(bindingSchema).default([]) })
export type Policy = z.infer<typeof policySchema>

export class Buckets {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  insert(bucket: z.infer<typeof newBucketSchema>, now: Date): Bucket {
    const { name, location, storageClass } = bucket
    if (!/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name)) throw invalid(`Invalid bucket name: '${name}'`)
    const { changes } = this.#database
      .prepare('INSERT OR IGNORE INTO buckets VALUES (?, ?, ?, ?)')
      .run(name, location, storageClass, now.toISOString())
    if (changes === 0) {
      throw new GcsError(
        409,
        'conflict',
        'Your previous request to create the named bucket succeeded and you already own it.',
      )
    }
    return this.get(name)
  }

  /** Throws 404 when there is none. */
  get(name: string): Bucket {
    const row = this.#database.prepare('SELECT * FROM buckets WHERE name = ?').get(name)
    if (!row) throw noSuchBucket()
    return bucketSchema.parse(row)
  }

  /** Who may do what with a bucket. Kept and given back; nothing here asks it. */
  policy(name: string): Policy {
    this.get(name)
    const row = this.#database.prepare('SELECT policy FROM bucket_policies WHERE bucket = ?').get(name)
    return policySchema.parse(row ? JSON.parse(String(row['policy'])) : {})
  }

  setPolicy(name: string, policy: Policy): Policy {
    this.get(name)
    this.#database
      .prepare('INSERT OR REPLACE INTO bucket_policies VALUES (?, ?)')
      .run(name, JSON.stringify(policy))
    return policy
  }

  list(prefix: string): Bucket[] {
    return this.#database
      .prepare('SELECT * FROM buckets ORDER BY name')
      .all()
      .map((row) => bucketSchema.parse(row))
      .filter(({ name }) => name.startsWith(prefix))
  }

  /** Only an empty bucket can go. */
  delete(name: string): void {
    atomically(this.#database, () => {
      this.get(name)
      if (this.#database.prepare('SELECT 1 FROM objects WHERE bucket = ? LIMIT 1').get(name)) {
        throw new GcsError(409, 'conflict', 'The bucket you tried to delete is not empty.')
      }
      this.#database.prepare('DELETE FROM buckets WHERE name = ?').run(name)
    })
  }
}

export function bucketResource({ name, location, storage_class, created }: Bucket, origin: string): unknown {
  return {
    kind: 'storage#bucket',
    id: name,
    projectNumber,
    selfLink: `${origin}/storage/v1/b/${name}`,
    name,
    location,
    locationType: ['US', 'EU', 'ASIA'].includes(location) ? 'multi-region' : 'region',
    storageClass: storage_class,
    metageneration: '1',
    etag: 'CAE=',
    timeCreated: created,
    updated: created,
  }
}
