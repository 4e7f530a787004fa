import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const schema = `
  CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY, location TEXT NOT NULL, storage_class TEXT NOT NULL, created TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL REFERENCES buckets, name TEXT NOT NULL,
    generation INTEGER NOT NULL UNIQUE, metageneration INTEGER NOT NULL,
    size INTEGER NOT NULL, md5_hash TEXT NOT NULL, crc32c TEXT NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL, attributes TEXT NOT NULL,
    PRIMARY KEY (bucket, name)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS last_generation (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO last_generation VALUES (1, 0);
  CREATE TABLE IF NOT EXISTS notification_configs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL REFERENCES buckets ON DELETE CASCADE,
    settings TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS bucket_policies (
    bucket TEXT PRIMARY KEY REFERENCES buckets ON DELETE CASCADE, policy TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, attributes TEXT NOT NULL, data TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS upload_sessions (
    id TEXT PRIMARY KEY, created INTEGER NOT NULL, upload TEXT NOT NULL, finished_as TEXT
  ) STRICT;
`

/** Opens the metadata of everything stored. What is committed survives the death of the process. */
export function openDatabase(directory: string): DatabaseSync {
  const database = new DatabaseSync(join(directory, 'gcs.sqlite'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON')
  database.exec(schema)
  return database
}

/** Runs the work as one atomic step. It is synchronous, so nothing else happens in between. */
export function atomically<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
