import { v1 } from '@google-cloud/pubsub'
import { bridgeNames } from '../../../functions/config/names.ts'
import type { Figures, Plan } from '../operate.ts'
import type { Target } from '../target.ts'

/** A message that Pub/Sub gave up on, as the subscription that keeps those has it. */
interface DeadLetter {
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
  const { messages, subscriber, subscription } = await pullAll(target)
  const ackIds = messages.map(({ ackId }) => ackId)
  // Looking is no taking: they are there for the next who pulls.
  for (let from = 0; from < ackIds.length; from += pulled)
    await subscriber.modifyAckDeadline({
      subscription,
      ackIds: ackIds.slice(from, from + pulled),
      ackDeadlineSeconds: 0,
    })
  await subscriber.close()
  return {
    figures: { 'dead letters': messages.length, ...byKind(messages) },
    todo: messages.length,
    run: async (show) => {
      const again = await pullAll(target)
      const topic = target.clients.pubsub.topic(bridgeNames(target.bridge).topic)
      let published = 0
      for (const { ackId, data, attributes } of again.messages) {
        const own = Object.entries(attributes).filter(([name]) => !addedByPubSub.test(name))
        await topic.publishMessage({ data, attributes: Object.fromEntries(own) })
        await again.subscriber.acknowledge({ subscription, ackIds: [ackId] })
        published += 1
        show([{ stage: 'announced again', count: published, total: again.messages.length }])
      }
      await again.subscriber.close()
      return { figures: { 'announced again': published }, left: [] }
    },
  }
}

async function pullAll({ bridge, clients }: Target) {
  const subscription = bridgeNames(bridge).deadLetterKeep
  const { port, ...config } = await clients.pubsub.getClientConfig()
  const subscriber = new v1.SubscriberClient({ ...config, ...(port !== undefined && { port: Number(port) }) })
  const messages = new Map<string, DeadLetter>()
  for (let empty = 0; empty < emptyPulls; ) {
    const [{ receivedMessages }] = await subscriber.pull({
      subscription,
      maxMessages: pulled,
      returnImmediately: true,
    })
    if (!receivedMessages?.length) empty += 1
    for (const { ackId, message } of receivedMessages ?? []) {
      const { messageId, data, attributes } = message ?? {}
      messages.set(messageId ?? '', {
        ackId: ackId ?? '',
        data: Buffer.from(data ?? ''),
        attributes: attributes ?? {},
      })
    }
  }
  return { messages: [...messages.values()], subscriber, subscription }
}

function byKind(messages: readonly DeadLetter[]): Figures {
  const objects = messages.filter(({ attributes }) => attributes['objectId'] !== undefined)
  const names = new Set(objects.map(({ attributes }) => attributes['objectId']))
  const unclear = messages.length - objects.length
  return { 'copies they announce': names.size, ...(unclear > 0 && { 'that announce no object': unclear }) }
}
