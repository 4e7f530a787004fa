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

import { resolveTaken } from './commit/group.ts'
import type { LastTry, Reason } from './commit/last-tries.ts'
import { objectHash } from './commit/ledger.ts'
import { type Finished, objectRecord } from './commit/record.ts'
import type { Source } from './config/schema.ts'
import { type Notification, readNotification } from './finalize/notification.ts'
import { route } from './finalize/route.ts'
import { type Delivery, loadObject } from './load-object.ts'
import type { LoadResult, LoadTools } from './load-tools.ts'
import { Failure, isDenied, messageOf } from './model/failure.ts'
import type { IgnoredReason, Outcome } from './model/outcome.ts'

/** What became of a message. */
export interface Loaded {
  readonly outcome: Outcome
  readonly notification: Notification
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
    await tools.groupTools.log.write([recordOf({ notification, outcome, source, startedAt }, tools)])
    return outcome
  }
  const ignore = (reason: IgnoredReason, detail: string, source?: Source) =>
    record({ kind: 'ignored', reason, detail }, source)
  /** The message cannot be read. It is delivered again until the subscription gives up on it and keeps it. */
  const refuse = (error: unknown, source?: Source) => {
    if (!deadLettered || !isObjectFault(error)) return retryFor(error)
    const { reason, detail } = reasonOf(error)
    return record(
      reason === 'object_missing'
        ? { kind: 'missing', reason, detail }
        : { kind: 'quarantined', reason, detail },
      source,
    )
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
  if (found.kind === 'passed_over') return ignore('not_a_log', `it is ${found.what}`, source)
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
  const standing = await tools.groupTools.ledger.setAside(hash)
  return standing.kind === 'set_aside' ? result : resolveTaken(hash, standing, tools.groupTools)
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
  const loading = loadObject(hash, delivery, tools.objectTools).catch(failed)
  tools.inFlight.set(hash, { generation, result: loading })
  const result = await loading
  tools.inFlight.delete(hash)
  if (result.kind === 'failed') tools.breakers.failed(result.error)
  else tools.breakers.succeeded()
  return result
}

function failed(error: unknown): { readonly kind: 'failed'; readonly error: unknown } {
  return { kind: 'failed', error }
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
