import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js'
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js'
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js'
import type { Construct } from 'constructs'
import type { Bridge } from '../../functions/config/schema.ts'
import { partitionOf } from './names.ts'
import { policy } from './policy.ts'

/** ARNs of the topics that alarms go to: those of the configuration, and one for its addresses. */
export function alarmTopics(scope: Construct, bridge: Bridge, account: string): string[] {
  const { name, aws, watch } = bridge
  if (watch.emails.length === 0) return [...aws.alarmTopics]
  const key = alarmKey(scope, bridge, account)
  const topic = new SnsTopic(scope, 'alarms', { name: `${name}-alarms`, kmsMasterKeyId: key.arn })
  for (const [index, endpoint] of watch.emails.entries()) {
    new SnsTopicSubscription(scope, `alarms-email-${index}`, {
      topicArn: topic.arn,
      protocol: 'email',
      endpoint,
    })
  }
  return [...aws.alarmTopics, topic.arn]
}

/**
 * Encrypts the topic. SNS's own key, alias/aws/sns, cannot be used: CloudWatch is not in its policy, which cannot be
 * changed: alarms would silently reach nobody.
 * https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger and
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html [2026-11]
 */
function alarmKey(scope: Construct, { name, aws: { region } }: Bridge, account: string): KmsKey {
  return new KmsKey(scope, 'alarms-key', {
    description: `Causeway: alarms of ${name}`,
    enableKeyRotation: true,
    // In the policy of a key, every resource is that key.
    policy: policy([
      {
        Sid: 'AccountByItsOwnPolicies',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partitionOf(region)}:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
      {
        Sid: 'AlarmsOfTheAccount',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      },
    ]),
  })
}
