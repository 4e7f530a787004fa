import { PubSub } from '@google-cloud/pubsub'
import { keptSeconds, pubsubAgent } from '../../cdktf/google/delivery.ts'
import { publisher, subscriber } from '../../cdktf/google/grants.ts'
import { lanesOf } from '../../cdktf/google/lanes.ts'
import { answerSeconds } from '../../functions/config/answer-time.ts'
import { bridgeNames } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { grant } from './grant.ts'
import { projectNumber } from './project-number.ts'
import { unlessThere } from './unless-there.ts'

/**
 * Makes topics and subscriptions, and says who may publish. All lanes push to the one function there is here.
 * @param storageAgent Cloud Storage's account in the project, which announces landed objects.
 */
export async function provisionPubSub(
  bridge: Bridge,
  { pubsubEndpoint, functionPort }: { readonly pubsubEndpoint: string; readonly functionPort: number },
  storageAgent: string,
): Promise<void> {
  const pubsub = new PubSub({
    projectId: bridge.google.project,
    apiEndpoint: pubsubEndpoint,
    emulatorMode: true,
  })
  const names = bridgeNames(bridge)
  // The topic's name in the path is where functions-framework reads it.
  const push = (topic: string) => ({ pushEndpoint: `http://127.0.0.1:${functionPort}/${topic}` })
  const kept = { messageRetentionDuration: { seconds: keptSeconds(bridge) }, expirationPolicy: {} }
  const makeTopic = async (name: string, member: string) => {
    await unlessThere(pubsub.createTopic(name))
    await grant(pubsub.topic(name), [{ role: publisher, members: [member] }])
  }
  try {
    await makeTopic(names.topic, `serviceAccount:${storageAgent}`)
    await makeTopic(names.deadLetterTopic, pubsubAgent(projectNumber))
    for (const { name, filter } of lanesOf(bridge)) {
      const { subscription } = bridgeNames(bridge, name)
      await unlessThere(
        pubsub.createSubscription(names.topic, subscription, {
          ...kept,
          pushConfig: push(names.topic),
          ackDeadlineSeconds: answerSeconds,
          filter,
          // Seconds and minutes in the cloud; here nobody should have to wait to see a poison object set aside.
          retryPolicy: { minimumBackoff: { nanos: 200_000_000 }, maximumBackoff: { seconds: 5 } },
          deadLetterPolicy: { deadLetterTopic: names.deadLetterTopic, maxDeliveryAttempts: 5 },
        }),
      )
      await grant(pubsub.subscription(subscription), [
        { role: subscriber, members: [pubsubAgent(projectNumber)] },
      ])
      // After a restart the function listens on another port.
      await pubsub.subscription(subscription).modifyPushConfig(push(names.topic))
    }
    await unlessThere(
      pubsub.createSubscription(names.deadLetterTopic, names.deadLetterRecord, {
        ...kept,
        pushConfig: push(names.deadLetterTopic),
        ackDeadlineSeconds: answerSeconds,
        retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 10 } },
      }),
    )
    await unlessThere(pubsub.createSubscription(names.deadLetterTopic, names.deadLetterKeep, kept))
    await pubsub.subscription(names.deadLetterRecord).modifyPushConfig(push(names.deadLetterTopic))
  } finally {
    await pubsub.close()
  }
}
