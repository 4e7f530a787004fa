import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { deadLetterQueueArn, queueArn, ruleArn } from './names.ts'
import type { Statement } from './policy.ts'
import { deadLetterSettings, queuePolicy, queueSettings, redriveAllowPolicy } from './queue-settings.ts'
import { sender } from './sender.ts'

/** Attributes of a queue by SQS's names for them. */
export type QueueAttributes = Readonly<Record<string, string>>

/** What the stack makes of a source's queue and its dead-letter queue, as SQS answers it. */
export function queueAttributes(
  bridge: Bridge,
  source: DeployedSource,
  account: string,
): { readonly queue: QueueAttributes; readonly deadLetters: QueueAttributes } {
  const arn = queueArn(bridge, account, source)
  const deadLetterArn = deadLetterQueueArn(bridge, account, source)
  const from = senderOf(bridge, source, account)
  const settings = queueSettings(deadLetterArn)
  const encryption: QueueAttributes = bridge.aws.queueKey
    ? { KmsMasterKeyId: bridge.aws.queueKey }
    : { SqsManagedSseEnabled: 'true' }
  return {
    queue: {
      ...encryption,
      VisibilityTimeout: String(settings.visibilityTimeoutSeconds),
      MessageRetentionPeriod: String(settings.messageRetentionSeconds),
      ReceiveMessageWaitTimeSeconds: String(settings.receiveWaitTimeSeconds),
      RedrivePolicy: settings.redrivePolicy,
      Policy: queuePolicy(arn, from),
    },
    deadLetters: {
      ...encryption,
      MessageRetentionPeriod: String(deadLetterSettings.messageRetentionSeconds),
      RedriveAllowPolicy: redriveAllowPolicy(arn),
      Policy: queuePolicy(deadLetterArn, source.notification === 'eventbridge' ? from : undefined),
    },
  }
}

/** Who may send to a source's queue, the rule that passes its uploads on included. */
export function senderOf(bridge: Bridge, source: DeployedSource, account: string): Statement {
  const rule = source.notification === 'eventbridge' ? ruleArn(bridge, account, source) : undefined
  return sender(bridge, source, account, rule)
}
