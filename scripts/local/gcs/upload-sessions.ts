import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { attributesSchema } from './attributes.ts'
import { GcsError } from './error.ts'
import { preconditionsSchema } from './preconditions.ts'

const uploadSchema = z.object({
  bucket: z.string(),
  name: z.string(),
  conditions: preconditionsSchema,
  attributes: attributesSchema,
  /** Checksums the caller expects. */
  expected: z.object({ md5Hash: z.string().optional(), crc32c: z.string().optional() }),
})

/** An object in the making: everything but its bytes. */
export type Upload = z.infer<typeof uploadSchema>

export interface UploadSession {
  readonly id: string
  readonly upload: Upload
  /** The resource of the object it became. */
  readonly finishedAs: unknown
}

/** A session URI is good for a week (cloud.google.com/storage/docs/resumable-uploads, November 2026). */
const lifetimeMs = 7 * 24 * 3600 * 1000

/** Resumable uploads. They survive a restart, as do the bytes received. */
export class UploadSessions {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  start(id: string, upload: Upload, now: Date): void {
    this.#database
      .prepare('INSERT INTO upload_sessions (id, created, upload) VALUES (?, ?, ?)')
      .run(id, now.getTime(), JSON.stringify(upload))
  }

  get(id: string): UploadSession {
    const row = this.#database.prepare('SELECT upload, finished_as FROM upload_sessions WHERE id = ?').get(id)
    if (!row) throw new GcsError(404, 'notFound', `No such upload session: ${id}`)
    const finishedAs: unknown = JSON.parse(String(row['finished_as']))
    return { id, upload: uploadSchema.parse(JSON.parse(String(row['upload']))), finishedAs }
  }

  finish(id: string, resource: unknown): void {
    this.#database
      .prepare('UPDATE upload_sessions SET finished_as = ? WHERE id = ?')
      .run(JSON.stringify(resource), id)
  }

  end(id: string): void {
    this.#database.prepare('DELETE FROM upload_sessions WHERE id = ?').run(id)
  }

  isOpen(id: string): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM upload_sessions WHERE id = ? AND finished_as IS NULL').get(id) !==
      undefined
    )
  }

  expire(now: Date): void {
    this.#database.prepare('DELETE FROM upload_sessions WHERE created < ?').run(now.getTime() - lifetimeMs)
  }
}
