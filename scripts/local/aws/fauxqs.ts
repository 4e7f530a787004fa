import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type BuildAppOptions, buildApp } from 'fauxqs'
import { listInKeyOrder } from './key-order.ts'

type Stores = NonNullable<BuildAppOptions['stores']>
type SqsStore = Stores['sqsStore']
type Queue = NonNullable<ReturnType<SqsStore['getQueueByName']>>
type Message = Parameters<Queue['enqueue']>[0]
type Persistence = NonNullable<SqsStore['persistence']>

export interface Fauxqs {
  readonly app: ReturnType<typeof buildApp>
  readonly s3: Stores['s3Store']
  readonly sqs: SqsStore
  /** A message for `queue.enqueue`, visible after a delay in seconds (a fraction is fine). */
  createMessage(body: string, delaySeconds?: number): Message
  /** Runs `configure` once in the life of the directory for each id. */
  once(id: string, configure: () => void): void
  /** Something small to be kept with the data, by its name. */
  setting(name: string): string | undefined
  set(name: string, value: string): void
  close(): void
}

/**
 * fauxqs over a directory, not yet listening.
 *
 * `startFauxqs` is not used, as it listens on every interface and keeps its application to itself. The
 * stores it is made of are not exported by name, so they are loaded from beside the package's entry; the
 * types still are fauxqs's own, and the version is pinned.
 *
 * Objects and messages are rows of one SQLite file: a kill leaves either the whole object or none of it.
 */
export async function openFauxqs(directory: string, region: string): Promise<Fauxqs> {
  const { SqsStore } = await load<{
    SqsStore: { new (): SqsStore; createMessage(body: string, attributes: object, delay?: number): Message }
  }>('./sqs/sqsStore.js')
  const { SnsStore } = await load<{ SnsStore: new () => Stores['snsStore'] }>('./sns/snsStore.js')
  const { S3Store } = await load<{ S3Store: new () => Stores['s3Store'] }>('./s3/s3Store.js')
  const { PersistenceManager } = await load<{
    PersistenceManager: new (directory: string) => Persistence
  }>('./persistence.js')

  const persistence = new PersistenceManager(directory)
  // A local stand-in outlives its process, not the machine: no need to wait for the disk on every message.
  persistence['db'].exec('PRAGMA synchronous = NORMAL')
  const own = new DatabaseSync(join(directory, 'fauxqs.db'))
  own.exec('CREATE TABLE IF NOT EXISTS causeway_configured (id TEXT PRIMARY KEY) STRICT')
  own.exec('CREATE TABLE IF NOT EXISTS causeway_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT')
  repairMakingVisible(persistence, own)

  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() }
  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store)
  stores.sqsStore.persistence = persistence
  stores.s3Store.persistence = persistence
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence
  stores.sqsStore.getQueueByArn = (arn) =>
    Array.from(stores.sqsStore.allQueues()).find((queue) => alike(queue.arn, arn))
  stores.s3Store.listObjects = (bucket, options) => listInKeyOrder(stores.s3Store['buckets'], bucket, options)

  return {
    app: buildApp({ logger: false, defaultRegion: region, stores }),
    s3: stores.s3Store,
    sqs: stores.sqsStore,
    createMessage: (body, delaySeconds) => SqsStore.createMessage(body, {}, delaySeconds),
    once: (id, configure) => configureOnce(own, id, configure),
    setting: (name) => {
      const row = own.prepare('SELECT value FROM causeway_setting WHERE name = ?').get(name)
      return row && String(row['value'])
    },
    set: (name, value) => {
      own.prepare('INSERT OR REPLACE INTO causeway_setting VALUES (?, ?)').run(name, value)
    },
    close: () => {
      own.close()
      persistence.close()
    },
  }
}

/** fauxqs makes up the ARN it looks for, always of account 000000000000: region and name are what counts. */
function alike(one: string, other: string): boolean {
  const place = (arn: string) => [arn.split(':')[3], arn.split(':').at(-1)].join()
  return place(one) === place(other)
}

/** A module of fauxqs that its `exports` do not name. */
async function load<Module>(path: string): Promise<Module> {
  const module: Module = await import(new URL(path, import.meta.resolve('fauxqs')).href)
  return module
}

/**
 * fauxqs 2.4.1 makes a message visible again (ChangeMessageVisibility 0) by setting its receive count to
 * NULL in a column that refuses it, and loses the message until the next start.
 */
function repairMakingVisible(persistence: Persistence, database: DatabaseSync): void {
  const makeVisible = database.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  )
  persistence.updateMessageReady = (messageId) => {
    makeVisible.run(messageId)
  }
}

/** The effect comes before its mark, so that a kill between them repeats it rather than losing it. */
function configureOnce(database: DatabaseSync, id: string, configure: () => void): void {
  if (database.prepare('SELECT 1 FROM causeway_configured WHERE id = ?').get(id)) return
  configure()
  database.prepare('INSERT INTO causeway_configured (id) VALUES (?)').run(id)
}
