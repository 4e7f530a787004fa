import { requestBytes } from './append/requests.ts'
import { StreamBudget, streamsAnHour } from './append/stream-budget.ts'
import { StreamPool } from './append/stream-pool.ts'
import { TableDirectory } from './append/table-directory.ts'
import type { TableCatalog } from './append/tables.ts'
import type { WriteApi } from './append/write-api.ts'
import { Breakers } from './breakers.ts'
import type { GroupTools, MemberResult } from './commit/group.ts'
import { GroupCommit } from './commit/group-commit.ts'
import { LastTries } from './commit/last-tries.ts'
import { Ledger } from './commit/ledger.ts'
import type { LedgerStore } from './commit/ledger-store.ts'
import { objectLogTable } from './commit/object-table.ts'
import { RecordTable } from './commit/record-table.ts'
import { RetryingStore } from './commit/retrying-store.ts'
import { answerSeconds } from './config/answer-time.ts'
import type { Bridge } from './config/schema.ts'
import type { Clock } from './model/clock.ts'
import type { LineCounts } from './model/outcome.ts'
import type { RetryPolicy } from './model/retry.ts'
import { Semaphore } from './model/semaphore.ts'
import type { ObjectStore } from './parse/reading/object-store.ts'
import { LearnedSchemas } from './split/tables/learned-columns.ts'

/** What both a message and its object are loaded with. */
interface SharedTools {
  readonly bridge: Bridge
  readonly clock: Clock
  readonly revision: string
  readonly breakers: Breakers
  readonly groupTools: GroupTools
}

/** What a message is loaded with (load.ts): one of each a process. */
export interface LoadTools extends SharedTools {
  readonly objectTools: ObjectTools
  readonly lastTries: LastTries
  /** Objects this process is at work on, by their name in the ledger. */
  readonly inFlight: Map<string, { readonly generation: string; readonly result: Promise<LoadResult> }>
  /** Lets go of every stream and connection. */
  close(): void
}

/** What an object is loaded with (load-object.ts): one of each a process. */
export interface ObjectTools extends SharedTools {
  readonly objects: ObjectStore
  readonly groups: GroupCommit
  readonly hashKey: string | undefined
  readonly learnedSchemas: LearnedSchemas
  readonly sizes: Sizes
  /** Objects being read. */
  readonly reading: Semaphore
  /** Of those, the ones too large to be held. */
  readonly readingLarge: Semaphore
  /** Bytes of rows that wait for their group. */
  readonly held: Semaphore
}

/** Bytes of encoded rows. */
export interface Sizes {
  /** An object's rows are held whole up to so many; a larger one's are appended as they are read. */
  readonly heldBytes: number
  /** Rows of a large object are appended in pieces of about so many. */
  readonly pieceBytes: number
}

/** What came of loading an object, and its lines when this process read them all. */
export type LoadResult = MemberResult & { readonly counts?: LineCounts }

/** What the loader is built on: the services and the settings. */
export interface LoaderParts {
  readonly bridge: Bridge
  readonly api: WriteApi
  readonly catalog: TableCatalog
  readonly objects: ObjectStore
  readonly ledgerStore: LedgerStore
  readonly clock: Clock
  readonly retry: RetryPolicy
  /** Milliseconds a claim stays young. */
  readonly leaseMs: number
  /** Streams this process may make an hour; an equal share of the project's quota when absent. */
  readonly streamShare?: number
  readonly maxInstances: number
  readonly sizes?: Sizes
  /** Key of the hashes that sources redact values to. */
  readonly hashKey?: string | undefined
  readonly revision: string
}

/** A piece fills a request, less the block of lines that may come on top. */
const defaultSizes: Sizes = { heldBytes: 4_000_000, pieceBytes: requestBytes - 1_000_000 }

/** Memory stays within a few hundred MB whatever arrives: so many objects read at once, so many bytes waiting. */
const limits = { reading: 8, readingLarge: 2, heldBytes: 64_000_000 }

/** Wires a loader: one a process. */
export function loadTools(parts: LoaderParts): LoadTools {
  const { bridge, api, catalog, clock, retry, leaseMs, revision } = parts
  const share = parts.streamShare === undefined ? 1 / parts.maxInstances : parts.streamShare / streamsAnHour
  const budget = new StreamBudget(share, clock)
  const learnedSchemas = new LearnedSchemas()
  const tables = new TableDirectory({ api, catalog, clock, retry, budget, learnedSchemas })
  const store = new RetryingStore({ store: parts.ledgerStore, clock, retry })
  const groupTools = {
    api,
    clock,
    retry,
    leaseMs,
    tables,
    streams: new StreamPool({ api, tables, clock, retry }),
    ledger: new Ledger({ store, clock, leaseMs }),
    log: new RecordTable(objectLogTable(bridge), api, catalog, { clock, retry }),
  }
  const shared = { bridge, clock, revision, breakers: new Breakers(clock), groupTools }
  const objectTools = {
    ...shared,
    objects: parts.objects,
    groups: new GroupCommit(groupTools),
    hashKey: parts.hashKey,
    learnedSchemas,
    sizes: parts.sizes ?? defaultSizes,
    reading: new Semaphore(limits.reading),
    readingLarge: new Semaphore(limits.readingLarge),
    held: new Semaphore(limits.heldBytes),
  }
  return {
    ...shared,
    objectTools,
    lastTries: new LastTries(store, answerSeconds * 1000, clock),
    inFlight: new Map(),
    close: () => {
      groupTools.streams.close()
      groupTools.log.close()
    },
  }
}
