import { queueName, transferRoleName } from '../../functions/config/names.ts'
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
  const { region } = bridge.aws
  return `arn:${partitionOf(region)}:sqs:${region}:${account}:${queueName(bridge, source)}`
}

/** Of the role a source is read with, whether or not this is the stack that makes it. */
export function roleArn(
  bridge: Pick<Bridge, 'name' | 'aws'>,
  account: string,
  source: Pick<Source, 'name'>,
): string {
  return `arn:${partitionOf(bridge.aws.region)}:iam::${account}:role/${transferRoleName(bridge, source)}`
}
