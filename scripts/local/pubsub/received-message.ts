import { toAckId } from './ack-id.ts'
import type { Delivery } from './deliveries.ts'
import type { Subscription } from './subscription.ts'
import { type ReceivedMessage, toDuration } from './wire.ts'

/** A delivery as Pull and StreamingPull send it. The attempt is told only where there is a dead letter policy. */
export function toReceivedMessage(delivery: Delivery, { deadLetter }: Subscription): ReceivedMessage {
  return {
    ackId: toAckId(delivery),
    deliveryAttempt: deadLetter ? delivery.attempt : 0,
    message: {
      ...delivery.message,
      messageId: delivery.messageId,
      publishTime: toDuration(delivery.publishedAt),
    },
  }
}
