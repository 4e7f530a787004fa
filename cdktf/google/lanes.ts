import type { Bridge } from '../../functions/config/schema.ts'
import { landingPath, lanesPrefix, liveLane } from '../../functions/model/landing-name.ts'

/** A function of its own for some sources, fed by a subscription of its own. */
export interface Lane {
  readonly name: string
  readonly capacity: Bridge['google']['function']
  /** Which announcements its subscription takes. */
  readonly filter: string
}

/**
 * All lanes hear of the same announcements and tell theirs by the name of the copy. A subscription's filter is at most
 * 256 bytes and cannot be changed (https://cloud.google.com/pubsub/docs/subscription-message-filter [2026-11]): so it
 * names no source, and no lane but its own.
 */
export function lanesOf({ google }: Bridge): Lane[] {
  const finalized = 'attributes.eventType = "OBJECT_FINALIZE"'
  const others = Object.entries(google.lanes).map(([name, capacity]) => ({
    name,
    capacity,
    filter: `${finalized} AND hasPrefix(attributes.objectId, "${landingPath(name)}")`,
  }))
  return [
    {
      name: liveLane,
      capacity: google.function,
      filter: `${finalized} AND NOT hasPrefix(attributes.objectId, "${lanesPrefix}")`,
    },
    ...others,
  ]
}

/** All instances there can be: they share BigQuery's quota of streams. */
export function instancesOf(bridge: Bridge): number {
  return lanesOf(bridge).reduce((sum, { capacity }) => sum + capacity.maxInstances, 0)
}
