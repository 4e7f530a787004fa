import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js'
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js'
import { SqsQueueRedriveAllowPolicy } from '@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy/index.js'
import type { Construct } from 'constructs'
import { queueName } from '../../functions/config/names.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
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

export interface UploadQueue {
  readonly queue: SqsQueue
  readonly deadLetters: SqsQueue
  readonly policy: SqsQueuePolicy
}

/**
 * A source's upload events, and those nobody could work on. `sender` may send to the queue, `failed` to its dead
 * letters what it could not deliver.
 */
export function uploadQueue(
  scope: Construct,
  bridge: Bridge,
  source: DeployedSource,
  { sender, failed }: { sender: Statement; failed?: Statement },
): UploadQueue {
  const encryption = bridge.aws.queueKey
    ? { kmsMasterKeyId: bridge.aws.queueKey, kmsDataKeyReusePeriodSeconds: 300 }
    : { sqsManagedSseEnabled: true }
  const name = queueName(bridge, source)
  const deadLetters = new SqsQueue(scope, `${source.name}-dead-letters`, {
    name: `${name}-dead-letters`,
    messageRetentionSeconds: 14 * day,
    ...encryption,
  })
  const queue = new SqsQueue(scope, `${source.name}-queue`, {
    name,
    visibilityTimeoutSeconds: visibilitySeconds,
    // A message keeps the age it had when it becomes a dead letter: so fewer days than there.
    messageRetentionSeconds: 10 * day,
    receiveWaitTimeSeconds: 20,
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: maxReceives }),
    ...encryption,
  })
  new SqsQueueRedriveAllowPolicy(scope, `${source.name}-redrive`, {
    queueUrl: deadLetters.url,
    redriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [queue.arn] }),
  })
  new SqsQueuePolicy(scope, `${source.name}-dead-letters-policy`, {
    queueUrl: deadLetters.url,
    policy: policy([
      ...(failed ? [{ ...failed, Resource: deadLetters.arn }] : []),
      onlyTls('sqs:*', [deadLetters.arn]),
    ]),
  })
  const made = new SqsQueuePolicy(scope, `${source.name}-queue-policy`, {
    queueUrl: queue.url,
    policy: policy([{ ...sender, Resource: queue.arn }, onlyTls('sqs:*', [queue.arn])]),
  })
  return { queue, deadLetters, policy: made }
}
