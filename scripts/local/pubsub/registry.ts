import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { alreadyExists, notFound } from './status.ts'
import { parseSubscription, type Subscription } from './subscription.ts'
import type { WireSubscription, WireTopic } from './wire.ts'

/** What a subscription names as its topic once the topic is gone, as in the real service. */
const deletedTopic = '_deleted-topic_'

/** Topics and subscriptions by full name: in memory to be asked, in the database to survive. */
export class Registry {
  readonly topics: ReadonlyMap<string, WireTopic>
  readonly subscriptions: ReadonlyMap<string, Subscription>
  readonly #topics = new Map<string, WireTopic>()
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #write: StatementSync
  readonly #remove: StatementSync

  constructor(database: DatabaseSync) {
    this.topics = this.#topics
    this.subscriptions = this.#subscriptions
    this.#write = database.prepare('INSERT OR REPLACE INTO resource (name, body) VALUES (?, ?)')
    this.#remove = database.prepare('DELETE FROM resource WHERE name = ?')
    for (const row of database.prepare('SELECT name, body FROM resource').all()) {
      this.#load(String(row['name']), String(row['body']))
    }
  }

  createTopic(topic: WireTopic): WireTopic {
    if (this.#topics.has(topic.name)) throw alreadyExists(topic.name)
    return this.putTopic(topic)
  }

  putTopic(topic: WireTopic): WireTopic {
    this.#write.run(topic.name, JSON.stringify(topic))
    this.#topics.set(topic.name, topic)
    return topic
  }

  topic(name: string): WireTopic {
    const topic = this.#topics.get(name)
    if (!topic) throw notFound(name)
    return topic
  }

  /** Subscriptions of the topic keep what they hold, and get nothing more. */
  deleteTopic(name: string): void {
    this.topic(name)
    for (const subscription of this.subscriptionsOf(name)) {
      this.#putSubscription({ ...subscription, wire: { ...subscription.wire, topic: deletedTopic } })
    }
    this.#remove.run(name)
    this.#topics.delete(name)
  }

  subscriptionsOf(topic: string): readonly Subscription[] {
    return [...this.#subscriptions.values()].filter(({ wire }) => wire.topic === topic)
  }

  createSubscription(subscription: Subscription): Subscription {
    if (this.#subscriptions.has(subscription.name)) throw alreadyExists(subscription.name)
    this.topic(subscription.wire.topic)
    return this.updateSubscription(subscription)
  }

  updateSubscription(subscription: Subscription): Subscription {
    if (subscription.deadLetter) this.topic(subscription.deadLetter.topic)
    return this.#putSubscription(subscription)
  }

  subscription(name: string): Subscription {
    const subscription = this.#subscriptions.get(name)
    if (!subscription) throw notFound(name)
    return subscription
  }

  deleteSubscription(name: string): void {
    this.subscription(name)
    this.#remove.run(name)
    this.#subscriptions.delete(name)
  }

  #putSubscription(subscription: Subscription): Subscription {
    this.#write.run(subscription.name, JSON.stringify(subscription.wire))
    this.#subscriptions.set(subscription.name, subscription)
    return subscription
  }

  #load(name: string, body: string): void {
    if (name.split('/')[2] === 'topics') this.#topics.set(name, JSON.parse(body) as WireTopic)
    else this.#subscriptions.set(name, parseSubscription(JSON.parse(body) as WireSubscription))
  }
}
