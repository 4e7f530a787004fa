import { randomUUID } from 'node:crypto'
import type { Broker } from './broker.ts'
import type { Consumer } from './consumer.ts'
import type { Delivery } from './deliveries.ts'
import type { StatusError } from './status.ts'
import type { Subscription } from './subscription.ts'

export interface PullAsked {
  readonly broker: Broker
  readonly subscription: Subscription
  readonly atMost: number
  /** Wait so long for a first message, in milliseconds. */
  readonly waitMs: number
  /** The caller has gone. */
  readonly signal: AbortSignal
}

/** Waits for messages that are due and leases them. Gives none when the wait ends first. */
export function pull({
  broker,
  subscription,
  atMost,
  waitMs,
  signal,
}: PullAsked): Promise<readonly Delivery[]> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      broker.detach(consumer)
      settle()
    }
    const giveUp = () => finish(() => resolve([]))
    const consumer: Consumer = {
      kind: 'pull',
      subscription: subscription.name,
      holder: `pull-${randomUUID()}`,
      deadlineMs: () => subscription.ackDeadlineMs,
      room: () => atMost,
      resumesAt: () => Infinity,
      deliver: (deliveries) => finish(() => resolve(deliveries)),
      expired: () => undefined,
      end: (reason: StatusError) => finish(() => reject(reason)),
    }
    const timer = setTimeout(giveUp, waitMs)
    signal.addEventListener('abort', giveUp)
    if (signal.aborted) giveUp()
    else broker.attach(consumer)
  })
}
