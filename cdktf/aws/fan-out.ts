/** Uploads to a bucket whose notifications are somebody else's: by a topic or by EventBridge, changing nothing there. */
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js'
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js'
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { bucketArn, ruleName } from './names.ts'

/** Raw, as the transfer service expects S3's own message and no envelope around it. */
export function subscribeToTopic(
  scope: Construct,
  source: DeployedSource,
  topicArn: string,
  queueArn: string,
  ready: ITerraformDependable[],
): void {
  new SnsTopicSubscription(scope, `${source.name}-subscription`, {
    topicArn,
    protocol: 'sqs',
    endpoint: queueArn,
    rawMessageDelivery: true,
    dependsOn: ready,
  })
}

/** Matches the uploads of a source among the bucket's EventBridge events. */
export function uploadRule(scope: Construct, bridge: Bridge, source: DeployedSource): CloudwatchEventRule {
  const { bucket, prefix, suffix } = source
  // A pattern matches any of several conditions on a key, so both at once have to be one wildcard.
  const key = prefix && suffix ? [{ wildcard: `${prefix}*${suffix}` }] : prefix ? [{ prefix }] : [{ suffix }]
  const filtered = prefix !== '' || suffix !== ''
  return new CloudwatchEventRule(scope, `${source.name}-rule`, {
    name: ruleName(bridge, source),
    description: `Causeway: uploads of source ${source.name}`,
    eventPattern: JSON.stringify({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [bucket] }, ...(filtered && { object: { key } }) },
    }),
  })
}

/**
 * Sends them on in the shape of S3's own notification, which the transfer service reads. EventBridge has the key
 * as it is where S3 has it form-encoded: keys with `%`, `+`, a space or beyond ASCII need another way.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html [2026-11]
 */
export function sendUploads(
  scope: Construct,
  bridge: Bridge,
  source: DeployedSource,
  { rule, queueArn, deadLetterArn }: { rule: CloudwatchEventRule; queueArn: string; deadLetterArn: string },
): void {
  const { region } = bridge.aws
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: '<time>',
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: source.bucket, arn: bucketArn(bridge, source.bucket) },
      object: { key: '<key>', size: '<size>', eTag: '<etag>', sequencer: '<sequencer>' },
    },
  }
  new CloudwatchEventTarget(scope, `${source.name}-target`, {
    rule: rule.name,
    arn: queueArn,
    inputTransformer: {
      inputPaths: {
        time: '$.time',
        key: '$.detail.object.key',
        size: '$.detail.object.size',
        etag: '$.detail.object.etag',
        sequencer: '$.detail.object.sequencer',
      },
      // A number stands without quotes.
      inputTemplate: JSON.stringify({ Records: [record] }).replace('"<size>"', '<size>'),
    },
    deadLetterConfig: { arn: deadLetterArn },
    retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
  })
}
