import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * A delivery is one message on its way to one subscription. It waits (`holder` is null) until `due_at`, or is
 * held by a consumer until its deadline, `due_at`. Each time it is handed out `attempts` grows by one, so that
 * (id, attempts) names one handing out: the ack id. Ids are never used again: a late acknowledgement must not
 * meet another message. Times are milliseconds since 1970.
 */
const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS resource (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS policy (
    resource TEXT PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    attributes TEXT NOT NULL,
    ordering_key TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    data BLOB NOT NULL
  );
  CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription TEXT NOT NULL,
    message INTEGER NOT NULL,
    holder TEXT,
    due_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    disturbed INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX IF NOT EXISTS delivery_waiting ON delivery (subscription, holder, due_at);
  CREATE INDEX IF NOT EXISTS delivery_held ON delivery (due_at) WHERE holder IS NOT NULL;
  CREATE INDEX IF NOT EXISTS delivery_expiry ON delivery (expires_at);
  CREATE INDEX IF NOT EXISTS delivery_message ON delivery (message);
`

export function openDatabase(directory: string): DatabaseSync {
  mkdirSync(directory, { recursive: true })
  const database = new DatabaseSync(join(directory, 'pubsub.sqlite'))
  database.exec(schema)
  return database
}

/** All of `work` or none of it. What was written is on disk when this returns. Does not nest. */
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
