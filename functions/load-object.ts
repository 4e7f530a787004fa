/**
 * Stages parse, split, append and commit for one object: reads it once, as rows that are held until their group takes
 * them. The rows of a large object are appended as they are read, to a group of its own.
 */
import { type Member, resolveTaken } from './commit/group.ts'
import { LargeLoad } from './commit/large-load.ts'
import { objectRecord } from './commit/record.ts'
import type { Source } from './config/schema.ts'
import type { Notification } from './finalize/notification.ts'
import type { LoadResult, ObjectTools } from './load-tools.ts'
import type { LandedObject } from './model/object.ts'
import type { LineCounts } from './model/outcome.ts'
import { openObject } from './parse/open-object.ts'
import { checkLedgerRemembers } from './past-ledger.ts'
import { ObjectRows } from './split/object-rows.ts'
import { logSource } from './split/tables/log-source.ts'

/** One delivery of an object to the loader. */
export interface Delivery {
  readonly notification: Notification
  readonly object: LandedObject
  readonly source: Source
  readonly startedAt: number
}

/**
 * Loads an object, unless the ledger says that it is loaded or another is at it.
 * @param hash its name in the ledger. @throws whatever it cannot be loaded for.
 */
export async function loadObject(hash: string, delivery: Delivery, tools: ObjectTools): Promise<LoadResult> {
  tools.breakers.throwIfOpen()
  const standing = await tools.groupTools.ledger.look(hash)
  if (standing.kind !== 'free') return resolveTaken(hash, standing, tools.groupTools)
  checkLedgerRemembers(delivery.object.source, tools.bridge, tools.clock)
  const place = { hash, setAside: standing.setAside }
  const read = await tools.reading.holding(1, () => readObject(place, delivery, tools))
  if (read.kind !== 'held') return read
  // The next object may be read while this one's rows wait for their group.
  try {
    return { ...(await tools.groups.submit(read.member)), counts: read.counts }
  } finally {
    read.release()
  }
}

/** An object that was read whole. */
interface HeldObject {
  readonly kind: 'held'
  readonly member: Member
  readonly counts: LineCounts
  /** Gives back the memory its rows were allowed. */
  readonly release: () => void
}

/** Reads an object into rows; gives them to be submitted, or the result if it was large. */
async function readObject(
  place: Pick<Member, 'hash' | 'setAside'>,
  delivery: Delivery,
  tools: ObjectTools,
): Promise<HeldObject | LoadResult> {
  const { bridge, clock, hashKey, learnedSchemas, sizes } = tools
  const { object } = delivery
  const open = await openObject(tools.objects.read(object), object.source.key, delivery.source)
  let large: LargeLoad | undefined
  let releaseLarge: (() => void) | undefined
  try {
    const source = logSource(delivery.source, open.format)
    const rows = new ObjectRows(bridge, source, object.source, clock.now(), hashKey, learnedSchemas)
    for await (const block of open.blocks) {
      rows.add(block)
      if (rows.bytes <= (large ? sizes.pieceBytes : sizes.heldBytes)) continue
      if (!large) {
        releaseLarge = await tools.readingLarge.acquire(1)
        const begun = await LargeLoad.begin(place.hash, place.setAside, tools.groupTools)
        if (!(begun instanceof LargeLoad)) return begun
        large = begun
      }
      await large.append(rows.takeTables())
    }
    const read = rows.finish()
    const record = objectRecord({
      ...delivery,
      source,
      outcome: { kind: 'committed', counts: read.counts },
      read: { ...read, bytes: open.bytesRead() },
      finishedAt: clock.now(),
      revision: tools.revision,
    })
    const bytes = rows.bytes
    const left = rows.takeTables()
    if (large) {
      await large.append(left)
      await large.commit(record)
      return { kind: 'committed', counts: read.counts }
    }
    const release = await tools.held.acquire(bytes)
    return { kind: 'held', member: { ...place, bytes, rows: left, record }, counts: read.counts, release }
  } catch (error) {
    await large?.abandon()
    throw error
  } finally {
    await open.close()
    releaseLarge?.()
  }
}
