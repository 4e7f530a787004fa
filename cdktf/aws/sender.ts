import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { bucketArn } from './names.ts'
import type { Statement } from './policy.ts'

/** Who may put a source's events in its queue: that bucket, that topic or that rule, and nobody else. */
export function sender(bridge: Bridge, source: DeployedSource, account: string, ruleArn?: string): Statement {
  const { notification } = source
  if (typeof notification === 'object' && 'sns' in notification)
    return send('sns.amazonaws.com', { ArnEquals: { 'aws:SourceArn': notification.sns } })
  if (ruleArn) return send('events.amazonaws.com', { ArnEquals: { 'aws:SourceArn': ruleArn } })
  return send('s3.amazonaws.com', {
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
