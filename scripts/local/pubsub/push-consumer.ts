import type { CallCounter } from '../calls.ts'
import type { Faults } from '../faults.ts'
import { toAckId } from './ack-id.ts'
import { type Broker, type Clock, pushHolder } from './broker.ts'
import type { Consumer } from './consumer.ts'
import type { Delivery, HeldDelivery } from './deliveries.ts'
import { push } from './push-request.ts'
import { PushWindow, type PushWindowLimits } from './push-window.ts'
import type { Registry } from './registry.ts'

export interface PushContext {
  readonly broker: Broker
  readonly registry: Registry
  readonly faults: Faults
  readonly calls: CallCounter
  readonly clock: Clock
  readonly window: PushWindowLimits
}

/** Starts pushing for the subscription if it is one that is pushed and nothing pushes for it yet. */
export function pushIfAsked(subscription: string, context: PushContext): void {
  if (!context.registry.subscription(subscription).push || context.broker.pushesTo(subscription)) return
  context.broker.attach(new PushConsumer(subscription, context))
}

/** Pushes the messages of one subscription to its endpoint, as it stands at each push. */
class PushConsumer implements Consumer {
  readonly kind = 'push'
  readonly holder = pushHolder
  readonly subscription: string
  readonly #context: PushContext
  readonly #window: PushWindow
  readonly #outstanding = new Map<string, AbortController>()

  constructor(subscription: string, context: PushContext) {
    this.subscription = subscription
    this.#context = context
    this.#window = new PushWindow(context.window)
  }

  deadlineMs(): number {
    return this.#context.registry.subscription(this.subscription).ackDeadlineMs
  }

  room(now: number): number {
    return this.#window.size(now) - this.#outstanding.size
  }

  resumesAt(now: number): number {
    const until = this.#window.pausedUntil()
    return until > now ? until : Infinity
  }

  deliver(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const abort = new AbortController()
      this.#outstanding.set(toAckId(delivery), abort)
      void this.#push(delivery, abort.signal).finally(() => {
        this.#outstanding.delete(toAckId(delivery))
        this.#context.broker.wake()
      })
    }
  }

  /** The deadline of a push is its request's timeout. */
  expired(delivery: HeldDelivery): void {
    this.#window.failed()
    this.#outstanding.get(toAckId(delivery))?.abort()
  }

  end(): void {
    for (const abort of this.#outstanding.values()) abort.abort()
  }

  async #push(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const { broker, calls, faults } = this.#context
    const fault = await faults.meet('push')
    if (signal.aborted || !broker.disturb(delivery, fault)) return
    calls.count('push')
    const acknowledged = !fault.fail && (await this.#post(delivery, signal)) && !fault.dropReply
    if (acknowledged) broker.acknowledge(this.subscription, [delivery])
    else broker.giveBack(this.subscription, [delivery])
  }

  async #post(delivery: Delivery, signal: AbortSignal): Promise<boolean> {
    const { registry, clock } = this.#context
    try {
      const subscription = registry.subscription(this.subscription)
      const acknowledged = await push(delivery, subscription, clock(), signal)
      if (acknowledged) this.#window.succeeded()
      else this.#window.failed()
      return acknowledged
    } catch {
      if (!signal.aborted) this.#window.unreachable(clock())
      return false
    }
  }
}
