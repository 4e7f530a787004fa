import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { bucketArn } from './names.ts'
import type { Statement } from './policy.ts'

/**
 * The service that puts a source's events in its queue. A queue with a key of KMS needs it in the key's policy too:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html [2026-11]
 */
export function senderService({ notification }: DeployedSource): string {
  if (typeof notification === 'object' && 'sns' in notification) return 'sns.amazonaws.com'
  return notification === 'eventbridge' ? 'events.amazonaws.com' : 's3.amazonaws.com'
}

/** Who may put a source's events in its queue: that bucket, that topic or that rule, and nobody else. */
export function sender(bridge: Bridge, source: DeployedSource, account: string, ruleArn?: string): Statement {
  const { notification } = source
  const service = senderService(source)
  if (typeof notification === 'object' && 'sns' in notification)
    return send(service, { ArnEquals: { 'aws:SourceArn': notification.sns } })
  if (ruleArn) return send(service, { ArnEquals: { 'aws:SourceArn': ruleArn } })
  return send(service, {
    ArnLike: { 'aws:SourceArn': bucketArn(bridge, source.bucket) },
    // A bucket's ARN does not say whose it is, and a deleted one's name can be taken by anyone.
    StringEquals: { 'aws:SourceAccount': account },
  })
}

function send(service: string, condition: Statement['Condition']): Statement {
  return {
    Sid: 'UploadEvents',
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    ...(condition && { Condition: condition }),
  }
}
