import { type protos, v1 } from '@google-cloud/pubsub'
import { bridgeNames } from '../../../functions/config/names.ts'
import type { Figures, Plan } from '../operate.ts'
import type { Target } from '../target.ts'

/** A message that Pub/Sub gave up on, as the subscription that keeps those has it. */
interface DeadLetter {
  readonly id: string
  readonly ackId: string
  readonly data: Buffer
  readonly attributes: Readonly<Record<string, string>>
}

/** Messages a pull, and pulls that give nothing before the subscription is taken for empty. */
const pulled = 500
const emptyPulls = 2

/** What Pub/Sub adds to a message it gives up on. By it the function knows a dead letter. */
const addedByPubSub = /^CloudPubSubDeadLetter/

/**
 * Puts messages that were given up on back into the topic they came from, as if new, and takes them out of the subscription
 * that keeps them: also those that announce no object, which no record leads to. The ledger decides what is loaded.
 */
export async function planDeadLetters(target: Target): Promise<Plan> {
  const found = await withSubscriber(target, async (kept) => {
    const messages = new Map<string, DeadLetter>()
    for await (const pull of kept.pulls()) for (const message of pull) messages.set(message.id, message)
    // Looking is no taking: they are there for the next who pulls.
    await kept.giveBack([...messages.values()])
    return [...messages.values()]
  })
  return {
    figures: { 'dead letters': found.length, ...byKind(found) },
    todo: found.length,
    run: (show) =>
      withSubscriber(target, async (kept) => {
        const topic = target.clients.pubsub.topic(bridgeNames(target.bridge).topic)
        let published = 0
        for await (const pull of kept.pulls()) {
          for (const { data, attributes } of pull) {
            const own = Object.entries(attributes).filter(([name]) => !addedByPubSub.test(name))
            await topic.publishMessage({ data, attributes: Object.fromEntries(own) })
          }
          await kept.take(pull)
          published += pull.length
          show([{ stage: 'announced again', count: published, total: found.length }])
          // Those that come back by now were given up on again.
          if (published >= found.length) break
        }
        return { figures: { 'announced again': published }, left: [] }
      }),
  }
}

/** The subscription that keeps dead letters. */
interface Kept {
  /** What it has, until two pulls give nothing: one may be empty by chance. */
  pulls(): AsyncGenerator<DeadLetter[]>
  giveBack(messages: readonly DeadLetter[]): Promise<void>
  take(messages: readonly DeadLetter[]): Promise<void>
}

async function withSubscriber<T>({ bridge, clients }: Target, work: (kept: Kept) => Promise<T>): Promise<T> {
  const subscription = bridgeNames(bridge).deadLetterKeep
  const { port, ...config } = await clients.pubsub.getClientConfig()
  const client = new v1.SubscriberClient({ ...config, ...(port !== undefined && { port: Number(port) }) })
  const idsOf = (messages: readonly DeadLetter[]) => messages.map(({ ackId }) => ackId)
  try {
    return await work({
      async *pulls() {
        for (let empty = 0; empty < emptyPulls; ) {
          const request = { subscription, maxMessages: pulled, returnImmediately: true }
          const [{ receivedMessages }] = await client.pull(request)
          if (receivedMessages?.length) yield receivedMessages.map(letterOf)
          else empty += 1
        }
      },
      giveBack: async (messages) => {
        for (let from = 0; from < messages.length; from += pulled) {
          const ackIds = idsOf(messages.slice(from, from + pulled))
          await client.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 0 })
        }
      },
      take: async (messages) => {
        await client.acknowledge({ subscription, ackIds: idsOf(messages) })
      },
    })
  } finally {
    await client.close()
  }
}

function letterOf({ ackId, message }: protos.google.pubsub.v1.IReceivedMessage): DeadLetter {
  const { messageId, data, attributes } = message ?? {}
  return {
    id: messageId ?? '',
    ackId: ackId ?? '',
    data: Buffer.from(data ?? ''),
    attributes: attributes ?? {},
  }
}

function byKind(messages: readonly DeadLetter[]): Figures {
  const objects = messages.filter(({ attributes }) => attributes['objectId'] !== undefined)
  const names = new Set(objects.map(({ attributes }) => attributes['objectId']))
  const unclear = messages.length - objects.length
  return { 'copies they announce': names.size, ...(unclear > 0 && { 'that announce no object': unclear }) }
}
