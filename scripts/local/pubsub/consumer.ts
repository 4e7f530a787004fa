import type { Delivery, HeldDelivery } from './deliveries.ts'
import type { StatusError } from './status.ts'

/**
 * Takes the messages of one subscription: a push endpoint, an open StreamingPull, or one waiting Pull.
 * The broker calls these from its loop, one at a time; none may throw or wait.
 */
export interface Consumer {
  readonly kind: 'push' | 'pull'
  readonly subscription: string
  /** Names it in the database as the holder of what it was handed. */
  readonly holder: string
  /** How long it may hold a message without a word. */
  deadlineMs(): number
  /** How many more messages it takes at this time. */
  room(now: number): number
  /** When it has room again of itself, after a pause. Infinity when only a settled message can make room. */
  resumesAt(now: number): number
  /** Gives it messages. It settles each with the broker, or lets its deadline pass. */
  deliver(deliveries: readonly Delivery[]): void
  /** Says that a message it held is no longer its own. */
  expired(delivery: HeldDelivery): void
  /** Ends it: its subscription has gone or changed, or the service stops. */
  end(reason: StatusError): void
}
