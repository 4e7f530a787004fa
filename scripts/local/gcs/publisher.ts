import { setTimeout as wait } from 'node:timers/promises'
import { PubSub, type Topic } from '@google-cloud/pubsub'
import type { Faults } from '../faults.ts'
import type { Outbox, OutboxMessage } from './outbox.ts'

/** Messages on their way at a time. */
const window = 200
const firstBackoffMs = 50
const longestBackoffMs = 2000

/**
 * Carries the outbox to Pub/Sub: every message at least once, in no order, for as long as it takes.
 * Faults of the call `publish`: `duplicate` gives the event twice under different message ids, `reorder` and
 * `delay` hold it back, `fail` is a failed attempt, `drop-reply` a successful one that looks failed.
 */
export class Publisher {
  readonly #outbox: Outbox
  readonly #faults: Faults
  readonly #pubsub: PubSub
  readonly #topics = new Map<string, Topic>()
  readonly #underway = new Set<Promise<void>>()
  readonly #stopping = new AbortController()
  #lastTaken = 0

  constructor(
    outbox: Outbox,
    faults: Faults,
    { endpoint, projectId }: { endpoint: string; projectId: string },
  ) {
    this.#outbox = outbox
    this.#faults = faults
    // The universe is named because the client otherwise looks for it in credentials and on a metadata server.
    const clientOptions = { universeDomain: 'googleapis.com' }
    this.#pubsub = new PubSub({ projectId, apiEndpoint: endpoint, emulatorMode: true, clientOptions })
  }

  /** Takes up what is in the outbox. Called at the start and whenever something may have been added. */
  kick(): void {
    if (this.#stopping.signal.aborted) return
    for (const message of this.#outbox.after(this.#lastTaken, window - this.#underway.size)) {
      this.#lastTaken = message.id
      const delivery = this.#deliver(message).finally(() => {
        this.#underway.delete(delivery)
        this.kick()
      })
      this.#underway.add(delivery)
    }
  }

  /** What is not published by then stays in the outbox. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#underway)
    await this.#pubsub.close()
  }

  async #deliver(message: OutboxMessage & { readonly id: number }): Promise<void> {
    let backoffMs = firstBackoffMs
    while (!this.#stopping.signal.aborted) {
      if (await this.#attempt(message)) return this.#outbox.remove(message.id)
      await this.#pause(backoffMs)
      backoffMs = Math.min(backoffMs * 2, longestBackoffMs)
    }
  }

  async #attempt({ topic, attributes, data }: OutboxMessage): Promise<boolean> {
    const fault = this.#faults.draw('publish')
    await this.#pause(fault.delayMs + fault.reorderMs)
    if (fault.fail || this.#stopping.signal.aborted) return false
    const publish = () =>
      this.#topic(topic).publishMessage({ data: Buffer.from(data), attributes: { ...attributes } })
    try {
      await Promise.all(fault.duplicate ? [publish(), publish()] : [publish()])
      return !fault.dropReply
    } catch {
      return false
    }
  }

  /** Retrying is left to the outbox, so that a stop does not have to wait for the client's own retries. */
  #topic(name: string): Topic {
    const topic =
      this.#topics.get(name) ?? this.#pubsub.topic(name, { gaxOpts: { retry: null, timeout: 5000 } })
    this.#topics.set(name, topic)
    return topic
  }

  async #pause(ms: number): Promise<void> {
    if (ms === 0) return
    try {
      await wait(ms, undefined, { signal: this.#stopping.signal })
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error
    }
  }
}
