import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js'
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js'
import { SqsQueueRedriveAllowPolicy } from '@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy/index.js'
import type { Construct } from 'constructs'
import { deadLetterQueueName, queueName } from '../../functions/config/names.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import type { Statement } from './policy.ts'
import { deadLetterSettings, queuePolicy, queueSettings, redriveAllowPolicy } from './queue-settings.ts'

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
  const deadLetters = new SqsQueue(scope, `${source.name}-dead-letters`, {
    name: deadLetterQueueName(bridge, source),
    ...deadLetterSettings,
    ...encryption,
  })
  const queue = new SqsQueue(scope, `${source.name}-queue`, {
    name: queueName(bridge, source),
    ...queueSettings(deadLetters.arn),
    ...encryption,
  })
  new SqsQueueRedriveAllowPolicy(scope, `${source.name}-redrive`, {
    queueUrl: deadLetters.url,
    redriveAllowPolicy: redriveAllowPolicy(queue.arn),
  })
  new SqsQueuePolicy(scope, `${source.name}-dead-letters-policy`, {
    queueUrl: deadLetters.url,
    policy: queuePolicy(deadLetters.arn, failed),
  })
  const made = new SqsQueuePolicy(scope, `${source.name}-queue-policy`, {
    queueUrl: queue.url,
    policy: queuePolicy(queue.arn, sender),
  })
  return { queue, deadLetters, policy: made }
}
