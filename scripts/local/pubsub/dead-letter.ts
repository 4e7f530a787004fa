import type { Delivery } from './deliveries.ts'
import { splitName } from './names.ts'
import type { WireMessage } from './wire.ts'

/**
 * The message as it goes to a dead letter topic: the same, and where it came from.
 * Attributes: https://cloud.google.com/pubsub/docs/handling-failures, November 2026.
 */
export function deadLetterMessage({ message, subscription, attempt, publishedAt }: Delivery): WireMessage {
  const { project, id } = splitName(subscription)
  return {
    ...message,
    attributes: {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempt),
      CloudPubSubDeadLetterSourceSubscription: id,
      CloudPubSubDeadLetterSourceSubscriptionProject: project,
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(publishedAt).toISOString(),
    },
  }
}
