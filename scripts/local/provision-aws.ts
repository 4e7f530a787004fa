import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { queueArn } from '../../cdktf/aws/names.ts'
import { queueAttributes } from '../../cdktf/aws/queue-attributes.ts'
import { transferPolicy, transferPolicyName, trustPolicy } from '../../cdktf/aws/role-policies.ts'
import {
  deadLetterQueueName,
  notificationId,
  queueName,
  transferRoleName,
} from '../../functions/config/names.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import type { BucketNotification } from './aws/notification.ts'
import type { AwsOptions } from './aws/server.ts'

/** The account the local AWS is of. */
export function localAccount(bridge: Bridge): string {
  return bridge.aws.account ?? '000000000000'
}

/** Queues and notifications as the infrastructure would have made them. */
export function localAws(
  bridge: Bridge,
): Pick<AwsOptions, 'account' | 'region' | 'queues' | 'notifications'> {
  const account = localAccount(bridge)
  return {
    account,
    region: bridge.aws.region,
    queues: bridge.sources.flatMap((source) => {
      const { queue, deadLetters } = queueAttributes(bridge, source, account)
      return [
        { name: deadLetterQueueName(bridge, source), attributes: deadLetters },
        { name: queueName(bridge, source), attributes: queue },
      ]
    }),
    notifications: bridge.sources.map((source) => announced(bridge, source)),
  }
}

function announced(bridge: Bridge, source: DeployedSource): BucketNotification {
  const { bucket, prefix, suffix, notification } = source
  const queue = queueName(bridge, source)
  const one = { bucket, prefix, suffix, queue, id: notificationId(source) }
  if (notification === 'eventbridge') return { ...one, via: notification }
  return typeof notification === 'object' && 'sns' in notification
    ? { ...one, via: { topic: notification.sns } }
    : one
}

/** Makes the roles the transfer reads with, through the official client. What is there already stays. */
export async function provisionRoles(
  bridge: Bridge,
  { endpoint, subjectId }: { endpoint: string; subjectId: string },
): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new IAMClient({ region: bridge.aws.region, endpoint, credentials })
  try {
    for (const source of bridge.sources) {
      const RoleName = transferRoleName(bridge, source)
      const role = { RoleName, AssumeRolePolicyDocument: trustPolicy(subjectId) }
      try {
        await client.send(new CreateRoleCommand(role))
      } catch (error) {
        if (!(error instanceof Error && error.name === 'EntityAlreadyExistsException')) throw error
      }
      const policy = transferPolicy(bridge, source, queueArn(bridge, localAccount(bridge), source))
      const named = { RoleName, PolicyName: transferPolicyName, PolicyDocument: policy }
      await client.send(new PutRolePolicyCommand(named))
    }
  } finally {
    client.destroy()
  }
}
