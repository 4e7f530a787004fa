/** How a source's queues are set, whoever makes or checks them. */
import { onlyTls, policy, type Statement } from './policy.ts'

const day = 86_400

/**
 * Seconds an event is hidden once the transfer service has received it. The service extends this itself while it
 * copies and its documentation names no number: long enough for an ordinary copy, and no shorter than the time the
 * load function may take for the object afterwards.
 */
export const visibilitySeconds = 600

/** Receives before an event is set aside: with the above, some eight hours of a role or a sink that does not work. */
const maxReceives = 50

/** What a bucket tells a queue of. */
export const uploadEvents = 's3:ObjectCreated:*'

export function queueSettings(deadLetterArn: string) {
  return {
    visibilityTimeoutSeconds: visibilitySeconds,
    // A message keeps the age it had when it becomes a dead letter: so fewer days than there.
    messageRetentionSeconds: 10 * day,
    receiveWaitTimeSeconds: 20,
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterArn, maxReceiveCount: maxReceives }),
  }
}

export const deadLetterSettings = { messageRetentionSeconds: 14 * day }

/** Only this queue gives its dead letters there. */
export function redriveAllowPolicy(queueArn: string): string {
  return JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [queueArn] })
}

/** Lets `sender` send, when there is one, and nobody come without TLS. */
export function queuePolicy(queueArn: string, sender: Statement | undefined): string {
  return policy([...(sender ? [{ ...sender, Resource: queueArn }] : []), onlyTls('sqs:*', [queueArn])])
}
