/**
 * The load function's work on one message, stage by stage:
 *
 *   finalize -> parse -> split -> append -> commit
 *
 * Takes a CloudEvent and gives its outcome. Never throws. Nothing of an object is seen before all of it is committed,
 * and an outcome that is acknowledged is on record before it is given. Safe to repeat, at any time and anywhere: the
 * ledger decides which delivery loads an object.
 */

import type { Breakers } from './breakers.ts'
import type { GroupTools, MemberResult } from './commit/group.ts'
import type { GroupCommit } from './commit/group-commit.ts'
import { LargeLoad } from './commit/large-load.ts'
import { objectHash } from './commit/ledger.ts'
import { type Finished, objectRecord } from './commit/record.ts'
import type { Bridge, Source } from './config/schema.ts'
import { type Notification, readNotification } from './finalize/notification.ts'
import { route } from './finalize/route.ts'
import { Failure, messageOf } from './model/failure.ts'
import type { LandedObject } from './model/object.ts'
import type { LineCounts, Outcome } from './model/outcome.ts'
import type { Slots } from './model/slots.ts'
import type { ObjectStore } from './parse/object-store.ts'
import { type OpenObject, openObject } from './parse/open-object.ts'
import type { ColumnMemories } from './shape/column-memory.ts'
import { logSource } from './split/log-source.ts'
import { ObjectRows } from './split/object-rows.ts'

/** Everything the loader works with: one of each a process. */
export interface LoadTools extends GroupTools {
  readonly bridge: Bridge
  readonly objects: ObjectStore
  readonly groups: GroupCommit
  readonly breakers: Breakers
  readonly revision: string
  readonly hashKey: string | undefined
  readonly memories: ColumnMemories
  readonly sizes: Sizes
  /** Objects being read. */
  readonly reading: Slots
  /** Of those, the ones too large to be held. */
  readonly readingLarge: Slots
  /** Bytes of rows that wait for their group. */
  readonly held: Slots
  /** Objects this process is at work on, by their name in the ledger. */
  readonly inFlight: Map<string, { readonly generation: string; readonly result: Promise<LoadResult> }>
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

/** What became of a message. */
export interface Loaded {
  readonly outcome: Outcome
  readonly notification: Notification
}

/** One delivery of an object to the loader. */
interface Delivery {
  readonly notification: Notification
  readonly object: LandedObject
  readonly source: Source
  readonly startedAt: number
}

export async function load(event: unknown, tools: LoadTools): Promise<Loaded> {
  const startedAt = tools.clock.now()
  const notification = readNotification(event, tools.bridge.google.landingBucket)
  const outcome = await outcomeOf(notification, startedAt, tools).catch(retryFor)
  return { outcome, notification }
}

async function outcomeOf(notification: Notification, startedAt: number, tools: LoadTools): Promise<Outcome> {
  const { announced } = notification
  const record = async <T extends Outcome>(outcome: T, source?: Source): Promise<T> => {
    await tools.log.write([recordOf({ notification, outcome, source, startedAt }, tools)])
    return outcome
  }
  if (announced.kind === 'nothing') {
    return record({ kind: 'ignored', reason: announced.reason, detail: announced.detail })
  }
  const { object } = announced
  const source = route(tools.bridge, object.source)
  if (!source) {
    return record({ kind: 'ignored', reason: 'no_source', detail: 'no source of the configuration takes it' })
  }
  if (object.bytes === 0)
    return record({ kind: 'ignored', reason: 'empty_object', detail: 'it has no bytes' }, source)

  const result = await loadOnce({ notification, object, source, startedAt }, tools)
  if (result.kind === 'committed' && result.counts) return { kind: 'committed', counts: result.counts }
  if (result.kind !== 'failed') return { kind: 'duplicate' }
  // The subscription has given up on this message: its last delivery records why.
  if (notification.deadLettered && isObjectFault(result.error)) {
    const reason = result.error instanceof Failure ? result.error.code : 'unexpected'
    return record({ kind: 'quarantined', reason, detail: messageOf(result.error) }, source)
  }
  return retryFor(result.error)
}

/** Loads an object once, however many deliveries of it come to this process at a time. */
async function loadOnce(delivery: Delivery, tools: LoadTools): Promise<LoadResult> {
  const hash = objectHash(delivery.object.source)
  const { generation } = delivery.object
  for (let other = tools.inFlight.get(hash); other; other = tools.inFlight.get(hash)) {
    const result = await other.result
    if (result.kind !== 'failed') return { kind: 'duplicate' }
    // Another copy of the object may well be there where that one was gone.
    if (other.generation === generation) return result
  }
  const loading = loadObject(hash, delivery, tools).catch((error: unknown) => ({
    kind: 'failed' as const,
    error,
  }))
  tools.inFlight.set(hash, { generation, result: loading })
  const result = await loading
  tools.inFlight.delete(hash)
  if (result.kind === 'failed') tools.breakers.failed(result.error)
  else tools.breakers.succeeded()
  return result
}

async function loadObject(hash: string, delivery: Delivery, tools: LoadTools): Promise<LoadResult> {
  tools.breakers.check()
  const { object } = delivery
  const taken = [await tools.reading.take(1)]
  let open: OpenObject | undefined
  let large: LargeLoad | undefined
  try {
    const { bridge, clock, hashKey, memories } = tools
    open = await openObject(tools.objects.read(object), object.source.key, delivery.source.format)
    const source = logSource(delivery.source, open.format)
    const rows = new ObjectRows(bridge, source, object.source, clock.now(), hashKey, memories)
    for await (const block of open.blocks) {
      rows.add(block)
      if (rows.bytes <= (large ? tools.sizes.pieceBytes : tools.sizes.heldBytes)) continue
      if (!large) {
        taken.push(await tools.readingLarge.take(1))
        const begun = await LargeLoad.begin(hash, tools)
        if (!(begun instanceof LargeLoad)) return begun
        large = begun
      }
      await large.append(rows.take())
    }
    const record = committedRecord({ ...delivery, source }, rows, tools)
    if (large) {
      await large.append(rows.take())
      await large.commit(record)
      return { kind: 'committed', counts: rows.counts }
    }
    taken.push(await tools.held.take(rows.bytes))
    // The next object may be read while this one's rows wait for their group.
    await open.close()
    open = undefined
    taken.shift()?.()
    const result = await tools.groups.submit({ hash, bytes: rows.bytes, rows: rows.take(), record })
    return { ...result, counts: rows.counts }
  } catch (error) {
    await large?.abandon()
    throw error
  } finally {
    await open?.close()
    for (const giveBack of taken) giveBack()
  }
}

function committedRecord(delivery: Delivery, rows: ObjectRows, tools: LoadTools) {
  const outcome: Outcome = { kind: 'committed', counts: rows.counts }
  const { rowsByApp: apps, filteredBy, shapeCounts: shape } = rows
  return recordOf({ ...delivery, outcome, apps, filteredBy, shape }, tools)
}

function recordOf(about: Omit<Finished, 'finishedAt' | 'revision'>, { clock, revision }: LoadTools) {
  return objectRecord({ ...about, finishedAt: clock.now(), revision })
}

/** A fault of the object itself, or one nobody foresaw: trying for ever would not help. */
function isObjectFault(error: unknown): boolean {
  return !(error instanceof Failure) || error.kind === 'object'
}

function retryFor(error: unknown): Outcome {
  const reason = error instanceof Failure ? error.code : 'unexpected'
  return { kind: 'retry', reason, detail: messageOf(error), cause: error }
}
