import { liveLane } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { landingName, landingPrefix } from '../../functions/finalize/landing-name.ts'

/** A function of its own for some sources, fed by a subscription of its own. */
export interface Lane {
  readonly name: string
  readonly capacity: Bridge['google']['function']
  /** Which announcements its subscription takes; a filter cannot be changed later, so it names no source. */
  readonly filter: string
}

export function lanesOf({ google }: Bridge): Lane[] {
  const finalized = 'attributes.eventType = "OBJECT_FINALIZE"'
  const others = Object.entries(google.lanes).map(([name, capacity]) => ({
    name,
    capacity,
    filter: `${finalized} AND attributes.lane = "${name}"`,
  }))
  return [
    // What is published again by hand carries no lane, and must not be lost for it.
    { name: liveLane, capacity: google.function, filter: `${finalized} AND NOT attributes:lane` },
    ...others,
  ]
}

/** All instances there can be: they share BigQuery's quota of streams. */
export function instancesOf(bridge: Bridge): number {
  return lanesOf(bridge).reduce((sum, { capacity }) => sum + capacity.maxInstances, 0)
}

/** Objects whose landing is announced, and the lane on their announcements. */
export interface Announcement {
  readonly prefix: string
  readonly lane: string
}

/**
 * One for everything while all sources are in one lane. Otherwise one a source, though sources whose prefixes contain
 * each other share one, or their objects would be announced twice.
 */
export function announcements({ sources }: Pick<Bridge, 'sources'>): Announcement[] {
  if (sources.every(({ lane }) => lane === liveLane)) return [{ prefix: landingPrefix, lane: liveLane }]
  const wanted = sources.map(({ bucket, prefix, lane }) => ({ prefix: landingName(bucket, prefix), lane }))
  return wanted.filter(
    ({ prefix }, index) =>
      !wanted.some(
        (other, at) =>
          at !== index && prefix.startsWith(other.prefix) && (prefix !== other.prefix || at < index),
      ),
  )
}
