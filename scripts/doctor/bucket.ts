import {
  GetBucketLocationCommand,
  GetBucketNotificationConfigurationCommand,
  type GetBucketNotificationConfigurationCommandOutput,
  type QueueConfiguration,
} from '@aws-sdk/client-s3'
import { queueArn } from '../../cdktf/aws/names.ts'
import { uploadEvents } from '../../cdktf/aws/queue-settings.ts'
import type { DeployedSource } from '../../functions/config/schema.ts'
import type { About } from './about.ts'
import { type Check, type Finding, fail, pass, warn } from './check.ts'

/** A source's bucket, and whether it tells of uploads. */
export function bucketChecks(about: About, source: DeployedSource, caller: Check): Check[] {
  const { clients, bridge, account, deploy } = about
  const { bucket, name, makeBucket } = source
  const make = makeBucket
    ? deploy('aws')
    : `correct sources.${name}.bucket in the configuration, or set makeBucket`
  const shared = { group: 'event', source: name, make } as const
  const there: Check = {
    ...shared,
    what: `bucket s3://${bucket}`,
    asks: `s3:GetBucketLocation on ${bucket}`,
    after: caller,
    run: async () => {
      const { LocationConstraint } = await clients.s3.send(new GetBucketLocationCommand({ Bucket: bucket }))
      return judgeRegion(LocationConstraint, bridge.aws.region)
    },
  }
  const notification: Check = {
    ...shared,
    what: 'notification of uploads',
    after: there,
    asks: `s3:GetBucketNotification on ${bucket}`,
    run: async () => {
      const read = new GetBucketNotificationConfigurationCommand({ Bucket: bucket })
      const arn = queueArn(bridge, await account(), source)
      return judgeNotification(await clients.s3.send(read), source, arn, deploy('aws'))
    },
  }
  return [there, notification]
}

/** Two regions have names of their own here: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html [2026-11] */
export function judgeRegion(constraint: string | undefined, wanted: string): Finding {
  const region = !constraint ? 'us-east-1' : constraint === 'EU' ? 'eu-west-1' : constraint
  return region === wanted
    ? pass(region)
    : fail(
        `it is in ${region}, and the queue in ${wanted}: S3 tells only queues of its own region`,
        `set aws.region: '${region}', or take a bucket in ${wanted}`,
      )
}

type Configured = Pick<
  GetBucketNotificationConfigurationCommandOutput,
  'QueueConfigurations' | 'TopicConfigurations' | 'EventBridgeConfiguration'
>

/** Whether uploads under the source's prefix and suffix are announced to its queue, or to what feeds it. */
export function judgeNotification(
  configured: Configured,
  source: DeployedSource,
  queueArn: string,
  deploy: string,
): Finding {
  const { notification, bucket, prefix, suffix } = source
  if (notification === 'eventbridge')
    return configured.EventBridgeConfiguration
      ? pass('to EventBridge')
      : fail(
          `${bucket} sends nothing to EventBridge`,
          `switch it on: S3 console, ${bucket}, Properties, Amazon EventBridge`,
        )
  if (typeof notification === 'object' && 'sns' in notification) {
    const { sns } = notification
    return configured.TopicConfigurations?.some(({ TopicArn }) => TopicArn === sns)
      ? pass(`to ${sns}`)
      : fail(
          `${bucket} tells ${sns} nothing`,
          `add a notification of object creation to ${sns} on the bucket`,
        )
  }
  const byHand =
    `add one on ${bucket} (S3 console, Properties, Event notifications; the CLI would replace the others): ` +
    `all object create events, prefix "${prefix}", suffix "${suffix}", to ${queueArn}`
  const fix = source.makeBucket || typeof notification === 'object' ? deploy : byHand
  const ours = configured.QueueConfigurations?.filter(({ QueueArn }) => QueueArn === queueArn) ?? []
  if (ours.length === 0) return fail(`${bucket} tells ${queueArn} nothing`, fix)
  const covering = ours.filter((one) => covers(one, source))
  if (covering.length === 0)
    return fail(`only part of "${prefix}*${suffix}" is announced: ${ours.map(describe).join(', ')}`, fix)
  return covering.some(({ Events }) => Events?.includes(uploadEvents))
    ? pass(`${prefix}*${suffix} to the queue`)
    : warn(`not every way to upload is announced, only ${covering[0]?.Events?.join(', ')}`, fix)
}

function covers(one: QueueConfiguration, { prefix, suffix }: DeployedSource): boolean {
  return prefix.startsWith(ruleOf(one, 'prefix')) && suffix.endsWith(ruleOf(one, 'suffix'))
}

function describe(one: QueueConfiguration): string {
  return `"${ruleOf(one, 'prefix')}*${ruleOf(one, 'suffix')}"`
}

function ruleOf({ Filter }: QueueConfiguration, name: string): string {
  return Filter?.Key?.FilterRules?.find((rule) => rule.Name?.toLowerCase() === name)?.Value ?? ''
}
