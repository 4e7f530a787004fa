import type { DatabaseSync } from 'node:sqlite'
import type { Fault } from '../faults.ts'
import type { Consumer } from './consumer.ts'
import { atomically } from './database.ts'
import { deadLetterMessage } from './dead-letter.ts'
import { type Backlog, Deliveries, type Delivery, type Ticket } from './deliveries.ts'
import type { Registry } from './registry.ts'
import { failedPrecondition, notFound, type StatusError } from './status.ts'
import { redeliveryDelay, type Subscription } from './subscription.ts'
import type { WireMessage } from './wire.ts'

/** Epoch milliseconds. */
export type Clock = () => number

/** The holder of what is being pushed, whichever process pushes it. */
export const pushHolder = 'push'

/** Messages a consumer is handed at once, so that several share a backlog. */
const handful = 100

/** The loop looks again at least this often: setTimeout cannot wait for weeks. */
const longestSleepMs = 60 * 60_000

/**
 * Moves messages from topics to consumers.
 *
 * waiting --due and a consumer has room--> held --acknowledged--> gone
 *    ^                                      |
 *    +---- after the retry policy's pause --+-- given back, or its deadline passed
 *                                           +-- the same for the last time allowed --> dead letter topic
 *
 * Every change is in the database before a call that made it returns. One loop hands out: it runs after
 * something changed, and otherwise sleeps until the next time anything is due.
 */
export class Broker {
  readonly #database: DatabaseSync
  readonly #registry: Registry
  readonly #deliveries: Deliveries
  readonly #clock: Clock
  readonly #consumers = new Set<Consumer>()
  #timer: NodeJS.Timeout | undefined
  #turn: NodeJS.Immediate | undefined
  #stopped = false

  constructor({ database, registry, clock }: { database: DatabaseSync; registry: Registry; clock: Clock }) {
    this.#database = database
    this.#registry = registry
    this.#deliveries = new Deliveries(database)
    this.#clock = clock
    this.#deliveries.releaseHeldBy(pushHolder, clock())
  }

  /** Adds all the messages or none, and gives their ids in the same order. */
  publish(topic: string, messages: readonly WireMessage[]): readonly string[] {
    this.#registry.topic(topic)
    const ids = atomically(this.#database, () => messages.map((message) => this.#publish(topic, message)))
    this.wake()
    return ids
  }

  /** Forgets these messages. A ticket that names nothing any more is passed over, as in the real service. */
  acknowledge(subscription: string, tickets: readonly Ticket[]): void {
    if (this.#stopped || tickets.length === 0) return
    atomically(this.#database, () => {
      for (const ticket of tickets) this.#deliveries.remove(ticket, subscription)
    })
    this.wake()
  }

  /** Gives messages back undone: they come again after the retry policy's pause, or go to the dead letters. */
  giveBack(subscription: string, tickets: readonly Ticket[]): void {
    if (this.#stopped || tickets.length === 0) return
    const settings = this.#registry.subscriptions.get(subscription)
    if (!settings) return
    atomically(this.#database, () => {
      for (const ticket of tickets) this.#giveBack(settings, ticket)
    })
    this.wake()
  }

  /** Lets messages be held so much longer from now. */
  extend(subscription: string, tickets: readonly Ticket[], deadlineMs: number): void {
    if (this.#stopped || tickets.length === 0) return
    const deadline = this.#clock() + deadlineMs
    atomically(this.#database, () => {
      for (const ticket of tickets) this.#deliveries.extend(ticket, subscription, deadline)
    })
    this.wake()
  }

  /**
   * Applies a delivery's faults, once in its life: a second copy, or a later place in the queue.
   * False when it was put back and is not to be delivered now.
   */
  disturb(delivery: Delivery, { duplicate, reorderMs }: Fault): boolean {
    if (this.#stopped) return false
    if (delivery.disturbed || delivery.attempt > 1 || (!duplicate && reorderMs === 0)) return true
    if (!this.#deliveries.held(delivery, delivery.subscription)) return false
    const now = this.#clock()
    if (duplicate) this.#deliveries.duplicate(delivery, now)
    if (reorderMs > 0) this.#deliveries.holdBack(delivery, now + reorderMs)
    this.wake()
    return reorderMs === 0
  }

  attach(consumer: Consumer): void {
    this.#consumers.add(consumer)
    this.wake()
  }

  detach(consumer: Consumer): void {
    this.#consumers.delete(consumer)
  }

  /** Fits what is stored and connected to a subscription that has just changed, or gone. */
  subscriptionChanged(name: string): void {
    const subscription = this.#registry.subscriptions.get(name)
    if (subscription) this.#deliveries.changeRetention(subscription)
    else atomically(this.#database, () => this.#deliveries.dropSubscription(name))
    const kind = subscription?.push ? 'push' : 'pull'
    for (const consumer of this.#consumers) {
      if (consumer.subscription !== name || (subscription && consumer.kind === kind)) continue
      this.#end(
        consumer,
        subscription ? failedPrecondition(`${name} is now delivered by ${kind}.`) : notFound(name),
      )
    }
    this.wake()
  }

  pushesTo(subscription: string): boolean {
    return [...this.#consumers].some(
      (consumer) => consumer.kind === 'push' && consumer.subscription === subscription,
    )
  }

  heldBy({ subscription, holder }: Consumer): number {
    return this.#deliveries.heldBy(subscription, holder)
  }

  backlog(subscription: string): Backlog {
    return this.#deliveries.backlog(this.#registry.subscription(subscription).name)
  }

  /** Runs the loop as soon as the current work is done. */
  wake(): void {
    if (this.#stopped) return
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined
      this.#runOnce()
    })
  }

  stop(reason: StatusError): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    clearImmediate(this.#turn)
    for (const consumer of this.#consumers) this.#end(consumer, reason)
  }

  #runOnce(): void {
    const now = this.#clock()
    atomically(this.#database, () => this.#deliveries.dropExpired(now))
    this.#takeBackOverdue(now)
    while (this.#handOut(now) > 0);
    this.#sleep(now)
  }

  #takeBackOverdue(now: number): void {
    const overdue = this.#deliveries.overdue(now)
    for (const delivery of overdue) this.giveBack(delivery.subscription, [delivery])
    for (const consumer of this.#consumers) {
      for (const delivery of overdue) {
        const { holder, subscription } = delivery
        if (holder === consumer.holder && subscription === consumer.subscription) consumer.expired(delivery)
      }
    }
  }

  /** Gives every consumer with room a handful. Gives how many messages that were. */
  #handOut(now: number): number {
    let handedOut = 0
    for (const consumer of this.#consumers) {
      const atMost = Math.min(handful, consumer.room(now))
      if (atMost <= 0) continue
      const lease = { holder: consumer.holder, deadlineMs: consumer.deadlineMs(), atMost }
      const deliveries = atomically(this.#database, () =>
        this.#deliveries.lease(consumer.subscription, lease, now),
      )
      if (deliveries.length > 0) consumer.deliver(deliveries)
      handedOut += deliveries.length
    }
    return handedOut
  }

  #sleep(now: number): void {
    let until = this.#deliveries.nextEnd()
    for (const consumer of this.#consumers) {
      const { subscription } = consumer
      const next = consumer.room(now) > 0 ? this.#deliveries.nextDue(subscription) : consumer.resumesAt(now)
      until = Math.min(until, next)
    }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.wake(), Math.min(longestSleepMs, Math.max(1, until - now)))
    this.#timer.unref()
  }

  #publish(topic: string, message: WireMessage): string {
    const takers = this.#registry.subscriptionsOf(topic).filter(({ accepts }) => accepts(message.attributes))
    return this.#deliveries.publish(message, takers, this.#clock())
  }

  #giveBack(subscription: Subscription, ticket: Ticket): void {
    const delivery = this.#deliveries.held(ticket, subscription.name)
    if (!delivery) return
    const { deadLetter, retry } = subscription
    if (
      deadLetter &&
      delivery.attempt >= deadLetter.maxAttempts &&
      this.#registry.topics.has(deadLetter.topic)
    ) {
      this.#publish(deadLetter.topic, deadLetterMessage(delivery))
      this.#deliveries.remove(ticket, subscription.name)
    } else {
      this.#deliveries.giveBack(delivery, this.#clock() + redeliveryDelay(retry, delivery.attempt))
    }
  }

  #end(consumer: Consumer, reason: StatusError): void {
    this.#consumers.delete(consumer)
    consumer.end(reason)
  }
}
