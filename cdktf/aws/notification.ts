import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { notificationId } from '../../functions/config/names.ts'
import type { DeployedSource } from '../../functions/config/schema.ts'
import { bucketId } from './bucket-id.ts'
import { uploadEvents } from './queue-settings.ts'

/** A source and the queue its uploads are announced to. */
export interface Announced {
  readonly source: DeployedSource
  readonly queueArn: string
}

type Adopted = Extract<DeployedSource['notification'], { adopt: object }>['adopt']

/**
 * The one notification configuration of a bucket: writing it replaces whatever is there, so it is only written for
 * buckets made here and those adopted with the list of what must stay, whose configuration is imported first.
 * @param ready the bucket, and the queues' policies: S3 sends a test event and refuses a queue that does not take it.
 */
export function bucketNotification(
  scope: Construct,
  bucket: string,
  announced: readonly Announced[],
  ready: ITerraformDependable[],
  adopted?: Adopted,
): S3BucketNotification {
  const notification = new S3BucketNotification(scope, `${bucketId(bucket)}-notification`, {
    bucket,
    eventbridge: adopted?.eventbridge ?? false,
    queue: [
      ...announced.map(({ source, queueArn }) => ({
        id: notificationId(source),
        queueArn,
        events: [uploadEvents],
        ...filters(source),
      })),
      ...(adopted?.queues ?? []).map((kept) => ({ queueArn: kept.arn, ...carriedOver(kept) })),
    ],
    topic: (adopted?.topics ?? []).map((kept) => ({ topicArn: kept.arn, ...carriedOver(kept) })),
    lambdaFunction: (adopted?.functions ?? []).map((kept) => ({
      lambdaFunctionArn: kept.arn,
      ...carriedOver(kept),
    })),
    dependsOn: ready,
  })
  // The first plan then shows what would change on the bucket, before anything does.
  if (adopted) notification.importFrom(bucket)
  return notification
}

function carriedOver(kept: Adopted['queues'][number]) {
  return { events: kept.events, ...(kept.id && { id: kept.id }), ...filters(kept) }
}

function filters({ prefix, suffix }: { prefix: string; suffix: string }) {
  return { ...(prefix && { filterPrefix: prefix }), ...(suffix && { filterSuffix: suffix }) }
}
