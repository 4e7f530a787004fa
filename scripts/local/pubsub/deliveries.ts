import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { Attributes } from './filter.ts'
import { prepareStatements } from './statements.ts'
import type { Subscription } from './subscription.ts'
import type { WireMessage } from './wire.ts'

/** A message handed out once: to be acknowledged or given back under its id and attempt. */
export interface Delivery extends Ticket {
  readonly subscription: string
  readonly messageId: string
  readonly publishedAt: number
  readonly message: WireMessage
  /** True when its share of duplication and delay has been dealt out already. */
  readonly disturbed: boolean
}

/** Names one handing out of a delivery. Once another follows, or it is acknowledged, it names nothing. */
export interface Ticket {
  readonly id: number
  readonly attempt: number
}

export interface HeldDelivery extends Ticket {
  readonly subscription: string
  readonly holder: string
}

export interface Backlog {
  /** Messages waiting for their first or next delivery. */
  readonly undelivered: number
  /** Messages handed out and neither acknowledged nor expired. */
  readonly outstanding: number
  readonly oldestPublishedAt?: Date
}

export interface Lease {
  readonly holder: string
  readonly deadlineMs: number
  readonly atMost: number
}

/** One lease stops growing at so many bytes, so that a reply stays well under gRPC's sizes. */
const maximumLeaseBytes = 4 * 1024 * 1024

/**
 * The deliveries in the database: the single truth on who holds what until when. Plain reads and writes; what
 * must be atomic together, and what follows from a change, is the broker's affair.
 */
export class Deliveries {
  readonly #statements

  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database)
  }

  /** Adds the message for these subscriptions and gives its id, which is unique even if nobody wants it. */
  publish(message: WireMessage, to: readonly Subscription[], now: number): string {
    const { insertMessage, insertDelivery } = this.#statements
    const attributes = JSON.stringify(message.attributes)
    const { lastInsertRowid: id } = insertMessage.run(attributes, message.orderingKey, now, message.data)
    for (const { name, retentionMs } of to) insertDelivery.run(name, id, now, now + retentionMs)
    if (to.length === 0) this.#dropUnused(id)
    return String(id)
  }

  /** Hands out what is due, longest due first. */
  lease(subscription: string, { holder, deadlineMs, atMost }: Lease, now: number): readonly Delivery[] {
    const due: Delivery[] = []
    let bytes = 0
    for (const row of this.#statements.due.iterate(subscription, now, atMost)) {
      const delivery = toDelivery(row)
      due.push(delivery)
      bytes += delivery.message.data.length
      if (bytes >= maximumLeaseBytes) break
    }
    for (const { id } of due) this.#statements.hold.run(holder, now + deadlineMs, id)
    return due
  }

  /** Forgets the delivery, and the message with its last delivery. */
  remove({ id, attempt }: Ticket, subscription: string): void {
    const removed = this.#statements.remove.get(id, attempt, subscription)
    if (removed) this.#dropUnused(removed['message'])
  }

  /** Lets the delivery be handed out again from `dueAt` on. */
  giveBack({ id }: Ticket, dueAt: number): void {
    this.#statements.giveBack.run(dueAt, id)
  }

  /** Undoes a handing out, and marks the delivery as disturbed. */
  holdBack({ id }: Ticket, dueAt: number): void {
    this.#statements.holdBack.run(dueAt, id)
  }

  /** A second delivery of the same message, which goes its own way. */
  duplicate({ id }: Ticket, now: number): void {
    this.#statements.duplicate.run(now, id)
    this.#statements.markDisturbed.run(id)
  }

  extend({ id, attempt }: Ticket, subscription: string, deadline: number): void {
    this.#statements.extend.run(deadline, id, attempt, subscription)
  }

  /** The delivery, if this ticket still holds it. */
  held({ id, attempt }: Ticket, subscription: string): Delivery | undefined {
    const row = this.#statements.held.get(id, attempt, subscription)
    return row ? { ...toDelivery(row), attempt } : undefined
  }

  /** What is held past its deadline. */
  overdue(now: number): readonly HeldDelivery[] {
    return this.#statements.overdue.all(now).map((row) => ({
      id: Number(row['id']),
      attempt: Number(row['attempts']),
      subscription: String(row['subscription']),
      holder: String(row['holder']),
    }))
  }

  heldBy(subscription: string, holder: string): number {
    return Number(this.#statements.heldBy.get(subscription, holder)?.['held'])
  }

  /** Forgets what has outlived its subscription's retention. */
  dropExpired(now: number): void {
    for (const row of this.#statements.dropExpired.all(now)) this.#dropUnused(row['message'])
  }

  dropSubscription(subscription: string): void {
    for (const row of this.#statements.dropSubscription.all(subscription)) this.#dropUnused(row['message'])
  }

  changeRetention({ name, retentionMs }: Subscription): void {
    this.#statements.changeRetention.run(retentionMs, name)
  }

  /** Makes everything held by these holders due now: they did not survive the process. */
  releaseHeldBy(holder: string, now: number): void {
    this.#statements.releaseHeldBy.run(now, holder)
  }

  /** When the next deadline or retention ends, or Infinity. */
  nextEnd(): number {
    const { held, expiry } = this.#statements.nextEnd.get() ?? {}
    return Math.min(Number(held ?? Infinity), Number(expiry ?? Infinity))
  }

  /** When the next message of the subscription is due, or Infinity. */
  nextDue(subscription: string): number {
    return Number(this.#statements.nextDue.get(subscription)?.['due'] ?? Infinity)
  }

  backlog(subscription: string): Backlog {
    const { waiting, held, oldest } = this.#statements.backlog.get(subscription) ?? {}
    return {
      undelivered: Number(waiting),
      outstanding: Number(held),
      ...(typeof oldest === 'number' ? { oldestPublishedAt: new Date(oldest) } : {}),
    }
  }

  #dropUnused(message: SQLOutputValue | undefined): void {
    this.#statements.dropUnused.run(Number(message))
  }
}

/** A row read before it is held, and so one attempt short. */
function toDelivery(row: Readonly<Record<string, SQLOutputValue>>): Delivery {
  return {
    id: Number(row['id']),
    attempt: Number(row['attempts']) + 1,
    subscription: String(row['subscription']),
    disturbed: row['disturbed'] !== 0,
    messageId: String(row['message']),
    publishedAt: Number(row['published_at']),
    message: {
      data: Buffer.from(row['data'] as Uint8Array),
      attributes: JSON.parse(String(row['attributes'])) as Attributes,
      orderingKey: String(row['ordering_key']),
    },
  }
}
