import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Job, type Operation, transferV1 } from './job.ts'

/** Jobs and operations on disk, each as its own protobuf message. What `put` returned from is kept. */
export class TransferStore {
  readonly #database: DatabaseSync

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true })
    this.#database = new DatabaseSync(join(directory, 'transfer.db'))
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS jobs (name TEXT PRIMARY KEY, message BLOB NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS operations (name TEXT PRIMARY KEY, message BLOB NOT NULL) STRICT;
    `)
  }

  job(name: string): Job | undefined {
    const row = this.#database.prepare('SELECT message FROM jobs WHERE name = ?').get(name)
    return row && transferV1.TransferJob.decode(bytes(row['message']))
  }

  /** In the order of their names. */
  jobs(): Job[] {
    const rows = this.#database.prepare('SELECT message FROM jobs ORDER BY name').all()
    return rows.map((row) => transferV1.TransferJob.decode(bytes(row['message'])))
  }

  putJob(job: Job): void {
    const message = transferV1.TransferJob.encode(job).finish()
    this.#database.prepare('INSERT OR REPLACE INTO jobs VALUES (?, ?)').run(job.name ?? '', message)
  }

  operation(name: string): Operation | undefined {
    const row = this.#database.prepare('SELECT message FROM operations WHERE name = ?').get(name)
    return row && transferV1.TransferOperation.decode(bytes(row['message']))
  }

  operations(): Operation[] {
    const rows = this.#database.prepare('SELECT message FROM operations ORDER BY name').all()
    return rows.map((row) => transferV1.TransferOperation.decode(bytes(row['message'])))
  }

  putOperation(operation: Operation): void {
    const message = transferV1.TransferOperation.encode(operation).finish()
    this.#database
      .prepare('INSERT OR REPLACE INTO operations VALUES (?, ?)')
      .run(operation.name ?? '', message)
  }

  close(): void {
    this.#database.close()
  }
}

function bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new TypeError('transfer.db holds a message that is not bytes: remove the directory and start anew')
}
