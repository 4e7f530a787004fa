/**
 * The load function's work on one message, stage by stage:
 *
 *   finalize -> parse -> split -> append -> commit
 *
 * Takes a CloudEvent and gives its outcome. Never throws. Nothing of an object is seen before all of it is sealed, and
 * an outcome that is acknowledged is on record before it is given. Safe to repeat, at any time and anywhere: the ledger
 * decides which delivery loads an object. It is asked before the object is read, so that what is loaded is never read
 * again, and once more before an object is set aside, whatever reading it came to.
 */

import type { Breakers } from './breakers.ts'
import { type GroupTools, type MemberResult, resolveTaken } from './commit/group.ts'
import type { GroupCommit } from './commit/group-commit.ts'
import { LargeLoad } from './commit/large-load.ts'
import type { LastTries, LastTry, Reason } from './commit/last-tries.ts'
import { objectHash } from './commit/ledger.ts'
import { type Finished, objectRecord } from './commit/record.ts'
import type { Bridge, Source } from './config/schema.ts'
import { type Notification, readNotification } from './finalize/notification.ts'
import { route } from './finalize/route.ts'
import { Failure, isDenied, messageOf } from './model/failure.ts'
import type { LandedObject } from './model/object.ts'
import type { IgnoredReason, LineCounts, Outcome } from './model/outcome.ts'
import type { Semaphore } from './model/semaphore.ts'
import { type OpenObject, openObject } from './parse/open-object.ts'
import type { ObjectStore } from './parse/reading/object-store.ts'
import { type ObjectCounts, ObjectRows } from './split/object-rows.ts'
import type { LearnedSchemas } from './split/tables/learned-columns.ts'
import { logSource } from './split/tables/log-source.ts'

/** Everything the loader works with: one of each a process. */
export interface LoadTools extends GroupTools {
  readonly bridge: Bridge
  readonly objects: ObjectStore
  readonly groups: GroupCommit
  readonly breakers: Breakers
  readonly lastTries: LastTries
  readonly revision: string
  readonly hashKey: string | undefined
  readonly learnedSchemas: LearnedSchemas
  readonly sizes: Sizes
  /** Objects being read. */
  readonly reading: Semaphore
  /** Of those, the ones too large to be held. */
  readonly readingLarge: Semaphore
  /** Bytes of rows that wait for their group. */
  readonly held: Semaphore
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
  const { announced, deadLettered } = notification
  const record = async <T extends Outcome>(outcome: T, source?: Source): Promise<T> => {
    await tools.log.write([recordOf({ notification, outcome, source, startedAt }, tools)])
    return outcome
  }
  const ignore = (reason: IgnoredReason, detail: string, source?: Source) =>
    record({ kind: 'ignored', reason, detail }, source)
  /** The message cannot be read. It is delivered again until the subscription gives up on it and keeps it. */
  const refuse = (error: unknown, source?: Source) => {
    if (!deadLettered || !isObjectFault(error)) return retryFor(error)
    return record({ kind: 'quarantined', ...reasonOf(error) }, source)
  }

  if (announced.kind === 'nothing') return ignore(announced.reason, announced.detail)
  if (announced.kind === 'unclear')
    return refuse(new Failure('object', 'finalize', announced.reason, announced.detail))
  const { object } = announced
  const found = route(tools.bridge, object.source)
  if (found.kind === 'none')
    return refuse(
      new Failure(
        'object',
        'finalize',
        'no_source',
        'no source of the configuration takes it: see its prefixes',
      ),
    )
  const { source } = found
  if (found.kind === 'excluded')
    return ignore('excluded', `its key does not end in "${source.suffix}"`, source)
  if (object.bytes === 0) return ignore('empty_object', 'it has no bytes', source)

  const delivery = { notification, object, source, startedAt }
  const result = deadLettered ? await loadLast(delivery, tools) : await loadOnce(delivery, tools)
  if (result.kind === 'committed' && result.counts) return { kind: 'committed', counts: result.counts }
  return result.kind === 'failed' ? refuse(result.error, source) : { kind: 'duplicate' }
}

/** Loads a dead letter: its last delivery, which is to come to an answer whatever the object does to the process. */
async function loadLast(delivery: Delivery, tools: LoadTools): Promise<LoadResult> {
  const hash = objectHash(delivery.object.source)
  const lastTry = await tools.lastTries.begin(hash, delivery.notification.messageId)
  const result = await loadTried(lastTry, delivery, tools)
  const unfit = result.kind === 'failed' && isObjectFault(result.error) ? reasonOf(result.error) : undefined
  if (lastTry.kind === 'begun') await lastTry.end(unfit)
  if (!unfit) return result
  // A sealed object stays sealed, whatever came of reading it.
  const standing = await tools.ledger.setAside(hash)
  return standing.kind === 'set_aside' ? result : resolveTaken(hash, standing, tools)
}

async function loadTried(lastTry: LastTry, delivery: Delivery, tools: LoadTools): Promise<LoadResult> {
  switch (lastTry.kind) {
    case 'begun':
      return loadOnce(delivery, tools)
    case 'set_aside':
      return failed(new Failure('object', 'parse', lastTry.reason, lastTry.detail))
    case 'under_way':
      return failed(new Failure('system', 'commit', 'claimed_elsewhere', 'another delivery of it is at work'))
  }
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
  const loading = loadObject(hash, delivery, tools).catch(failed)
  tools.inFlight.set(hash, { generation, result: loading })
  const result = await loading
  tools.inFlight.delete(hash)
  if (result.kind === 'failed') tools.breakers.failed(result.error)
  else tools.breakers.succeeded()
  return result
}

async function loadObject(hash: string, delivery: Delivery, tools: LoadTools): Promise<LoadResult> {
  tools.breakers.check()
  const standing = await tools.ledger.look(hash)
  if (standing.kind !== 'free') return resolveTaken(hash, standing, tools)
  const { setAside } = standing
  const { object } = delivery
  const forgettable = pastLedger(object, tools)
  if (forgettable) throw forgettable
  const taken = [await tools.reading.acquire(1)]
  let open: OpenObject | undefined
  let large: LargeLoad | undefined
  try {
    const { bridge, clock, hashKey, learnedSchemas } = tools
    open = await openObject(tools.objects.read(object), object.source.key, delivery.source.format)
    const source = logSource(delivery.source, open.format)
    const rows = new ObjectRows(bridge, source, object.source, clock.now(), hashKey, learnedSchemas)
    for await (const block of open.blocks) {
      rows.add(block)
      if (rows.bytes <= (large ? tools.sizes.pieceBytes : tools.sizes.heldBytes)) continue
      if (!large) {
        taken.push(await tools.readingLarge.acquire(1))
        const begun = await LargeLoad.begin(hash, setAside, tools)
        if (!(begun instanceof LargeLoad)) return begun
        large = begun
      }
      await large.append(rows.take())
    }
    const read = rows.finish()
    const record = committedRecord({ ...delivery, source }, { ...read, bytesRead: open.bytesRead() }, tools)
    if (large) {
      await large.append(rows.take())
      await large.commit(record)
      return { kind: 'committed', counts: read.counts }
    }
    taken.push(await tools.held.acquire(rows.bytes))
    // The next object may be read while this one's rows wait for their group.
    await open.close()
    open = undefined
    taken.shift()?.()
    const result = await tools.groups.submit({ hash, setAside, bytes: rows.bytes, rows: rows.take(), record })
    return { ...result, counts: read.counts }
  } catch (error) {
    await large?.abandon()
    throw error
  } finally {
    await open?.close()
    for (const giveBack of taken) giveBack()
  }
}

const day = 86_400_000

/**
 * Why an object is too old to be loaded: what was uploaded so long ago may have been loaded, and forgotten since. A day
 * is left for whatever clocks disagree on. Undefined when the ledger remembers for certain.
 */
function pastLedger(
  { source: { uploadedAt } }: LandedObject,
  { bridge, clock }: LoadTools,
): Failure | undefined {
  const { ledgerDays } = bridge.google
  if (ledgerDays === undefined) return undefined
  if (uploadedAt !== undefined && clock.now() - uploadedAt < (ledgerDays - 1) * day) return undefined
  const when =
    uploadedAt === undefined ? 'at a time its copy does not tell' : new Date(uploadedAt).toISOString()
  const what = `uploaded ${when}, and the ledger remembers ${ledgerDays} days: it may have been loaded before`
  const fix = 'leave out google.ledgerDays, or raise it, if it was not'
  return new Failure('object', 'finalize', 'past_ledger', `${what}; ${fix}`)
}

function failed(error: unknown): { readonly kind: 'failed'; readonly error: unknown } {
  return { kind: 'failed', error }
}

function committedRecord(
  delivery: Delivery,
  read: ObjectCounts & { readonly bytesRead: number },
  tools: LoadTools,
) {
  const { counts, rowsByApp: apps, filteredBy, shapeCounts: shape, bytesRead } = read
  const outcome: Outcome = { kind: 'committed', counts }
  return recordOf({ ...delivery, outcome, apps, filteredBy, shape, bytesRead }, tools)
}

function recordOf(about: Omit<Finished, 'finishedAt' | 'revision'>, { clock, revision }: LoadTools) {
  return objectRecord({ ...about, finishedAt: clock.now(), revision })
}

/** A fault of the object itself, or one nobody foresaw: trying for ever would not help. */
function isObjectFault(error: unknown): boolean {
  return !(error instanceof Failure) || error.kind === 'object'
}

function retryFor(error: unknown): Outcome {
  return { kind: 'retry', ...reasonOf(error), cause: error }
}

function reasonOf(error: unknown): Reason {
  const code = error instanceof Failure ? error.code : 'unexpected'
  return { reason: isDenied(error) ? 'permission_denied' : code, detail: messageOf(error) }
}
