import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { bucketArn } from './names.ts'
import { policy, type Statement } from './policy.ts'

/** The inline policy of a transfer role. */
export const transferPolicyName = 'transfer'

/** Lets the transfer service agent with this subject id, and nobody else, take a role. */
export function trustPolicy(subjectId: string): string {
  return policy([
    {
      Sid: 'TransferServiceAgent',
      Effect: 'Allow',
      Principal: { Federated: 'accounts.google.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { 'accounts.google.com:sub': subjectId } },
    },
  ])
}

/**
 * What the transfer needs of one source.
 * Actions: https://docs.cloud.google.com/storage-transfer/docs/event-driven-aws and
 * https://cloud.google.com/storage-transfer/docs/source-amazon-s3 [2026-11], of both the union.
 */
export function transferPolicy(bridge: Bridge, source: DeployedSource, queueArn: string): string {
  return policy([...reading(bridge, source), receiving(queueArn), ...decrypting(bridge, source)])
}

function reading(bridge: Bridge, { bucket, prefix }: DeployedSource): Statement[] {
  const arn = bucketArn(bridge, bucket)
  return [
    {
      Sid: 'ReadObjects',
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `${arn}/${prefix}*`,
    },
    { Sid: 'SeeBucket', Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetBucketLocation'], Resource: arn },
  ]
}

function receiving(queueArn: string): Statement {
  return {
    Sid: 'ReceiveEvents',
    Effect: 'Allow',
    Action: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'],
    Resource: queueArn,
  }
}

function decrypting({ aws }: Bridge, { bucketKey }: DeployedSource): Statement[] {
  const keys = [...new Set([bucketKey, aws.queueKey])].filter((key) => key !== undefined)
  return keys.length === 0 ? [] : [{ Sid: 'Decrypt', Effect: 'Allow', Action: 'kms:Decrypt', Resource: keys }]
}
