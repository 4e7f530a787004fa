/**
 * The load function's work on one message, stage by stage:
 *
 *   finalize -> parse -> split -> append -> commit -> record
 *
 * Takes a CloudEvent and gives its outcome, which is then on record. Throws a Failure when the message is to be
 * delivered again. Nothing of an object is seen before all of it is committed.
 */

import { Group, type GroupTools } from './commit/group.ts'
import type { ObjectLog } from './commit/object-log.ts'
import { objectRecord } from './commit/record.ts'
import type { Bridge, Source } from './config/schema.ts'
import { type Notification, readNotification } from './finalize/notification.ts'
import { route } from './finalize/route.ts'
import { Failure, messageOf } from './model/failure.ts'
import type { LandedObject } from './model/object.ts'
import type { Outcome } from './model/outcome.ts'
import { blocksOf } from './parse/blocks.ts'
import { formats } from './parse/formats.ts'
import type { ObjectStore } from './parse/object-store.ts'
import { ObjectRows } from './split/object-rows.ts'

/** Everything the loader works with: one of each a process. */
export interface LoadTools extends GroupTools {
  readonly bridge: Bridge
  readonly objects: ObjectStore
  readonly log: ObjectLog
  readonly revision: string
}

/** An object's rows are held whole up to this many bytes; those of a larger one are sent as they are read. */
const heldBytes = 8 * 1024 * 1024

/** What became of a message, and of which object. */
export interface Loaded {
  readonly outcome: Outcome
  readonly notification: Notification
}

export async function load(event: unknown, tools: LoadTools): Promise<Loaded> {
  const startedAt = tools.clock.now()
  const notification = readNotification(event, tools.bridge.google.landingBucket)
  const { announced } = notification
  if (announced.kind === 'nothing')
    return finish({ kind: 'ignored', reason: announced.reason, detail: announced.detail })
  const { object } = announced
  const source = route(tools.bridge, object.source)
  if (!source)
    return finish({ kind: 'ignored', reason: 'no_source', detail: 'no source of the configuration takes it' })
  if (object.bytes === 0)
    return finish({ kind: 'ignored', reason: 'empty_object', detail: 'it has no bytes' }, source)
  try {
    const rows = await loadObject(object, source, tools)
    return finish({ kind: 'committed', counts: rows.counts }, source, rows)
  } catch (error) {
    // The subscription has given up on this message: its last delivery records why.
    if (!notification.deadLettered) throw error
    const reason = error instanceof Failure ? error.code : 'unexpected'
    return finish({ kind: 'quarantined', reason, detail: messageOf(error) }, source)
  }

  async function finish(outcome: Outcome, source?: Source, rows?: ObjectRows): Promise<Loaded> {
    const finishedAt = tools.clock.now()
    await tools.log.write(
      objectRecord({
        notification,
        outcome,
        source,
        apps: rows?.rowsByApp,
        startedAt,
        finishedAt,
        revision: tools.revision,
      }),
    )
    return { outcome, notification }
  }
}

async function loadObject(object: LandedObject, source: Source, tools: LoadTools): Promise<ObjectRows> {
  const rows = new ObjectRows(tools.bridge, source, object.source, tools.clock.now())
  const group = new Group(tools)
  try {
    for await (const block of blocksOf(tools.objects.read(object), formats[source.format])) {
      rows.add(block)
      if (rows.bytes > heldBytes) await group.append(rows.take())
    }
    await group.append(rows.take())
    await group.commit()
    return rows
  } catch (error) {
    group.abandon()
    throw error
  }
}
