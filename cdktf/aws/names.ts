import { deadLetterQueueName, queueName, transferRoleName } from '../../functions/config/names.ts'
import type { Bridge, Source } from '../../functions/config/schema.ts'

/** The AWS partition of a region: ARNs begin with it. */
export function partitionOf(region: string): string {
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

export function bucketArn({ aws }: Pick<Bridge, 'aws'>, bucket: string): string {
  return `arn:${partitionOf(aws.region)}:s3:::${bucket}`
}

/** Of a source's queue, whether or not this is the stack that makes it. */
export function queueArn(
  bridge: Pick<Bridge, 'name' | 'aws'>,
  account: string,
  source: Pick<Source, 'name'>,
): string {
  return arn(bridge, 'sqs', account, queueName(bridge, source))
}

/** Of the queue its dead letters go to. */
export function deadLetterQueueArn(
  bridge: Pick<Bridge, 'name' | 'aws'>,
  account: string,
  source: Pick<Source, 'name'>,
): string {
  return arn(bridge, 'sqs', account, deadLetterQueueName(bridge, source))
}

/** Of the EventBridge rule that passes a source's uploads on, where its bucket announces them so. */
export function ruleArn(
  bridge: Pick<Bridge, 'name' | 'aws'>,
  account: string,
  source: Pick<Source, 'name'>,
): string {
  return arn(bridge, 'events', account, `rule/${ruleName(bridge, source)}`)
}

export function ruleName({ name }: Pick<Bridge, 'name'>, source: Pick<Source, 'name'>): string {
  return `${name}-${source.name}`
}

function arn({ aws: { region } }: Pick<Bridge, 'aws'>, service: string, account: string, what: string) {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${what}`
}

/** Of the role a source is read with, whether or not this is the stack that makes it. */
export function roleArn(
  bridge: Pick<Bridge, 'name' | 'aws'>,
  account: string,
  source: Pick<Source, 'name'>,
): string {
  return `arn:${partitionOf(bridge.aws.region)}:iam::${account}:role/${transferRoleName(bridge, source)}`
}
