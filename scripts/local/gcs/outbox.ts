import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'

const rowSchema = z.object({ id: z.number(), topic: z.string(), attributes: z.string(), data: z.string() })

export interface OutboxMessage {
  /** `projects/P/topics/T`. */
  readonly topic: string
  readonly attributes: Readonly<Record<string, string>>
  readonly data: string
}

/** Messages that are owed to Pub/Sub, in the database of the objects they speak of. */
export class Outbox {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  add({ topic, attributes, data }: OutboxMessage): void {
    this.#database
      .prepare('INSERT INTO outbox (topic, attributes, data) VALUES (?, ?, ?)')
      .run(topic, JSON.stringify(attributes), data)
  }

  /** The oldest messages after this id. */
  after(id: number, limit: number): (OutboxMessage & { readonly id: number })[] {
    return this.#database
      .prepare('SELECT * FROM outbox WHERE id > ? ORDER BY id LIMIT ?')
      .all(id, limit)
      .map((row) => rowSchema.parse(row))
      .map((row) => ({
        ...row,
        attributes: z.record(z.string(), z.string()).parse(JSON.parse(row.attributes)),
      }))
  }

  remove(id: number): void {
    this.#database.prepare('DELETE FROM outbox WHERE id = ?').run(id)
  }
}
