import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js'
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js'
import type { Construct } from 'constructs'
import { transferRoleName } from '../../functions/config/names.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { bucketArn } from './names.ts'
import { policy, type Statement } from './policy.ts'

/**
 * What Google's transfer service may do with one source, signed in by its own identity: no key exists.
 * Actions: https://docs.cloud.google.com/storage-transfer/docs/event-driven-aws and
 * https://cloud.google.com/storage-transfer/docs/source-amazon-s3 [2026-11], of both the union.
 */
export function transferRole(
  scope: Construct,
  bridge: Bridge,
  source: DeployedSource,
  { subjectId, queueArn }: { subjectId: string; queueArn: string },
): IamRole {
  const role = new IamRole(scope, `${source.name}-role`, {
    name: transferRoleName(bridge, source),
    description: `Causeway: Storage Transfer reads source ${source.name}`,
    assumeRolePolicy: policy([
      {
        Sid: 'TransferServiceAgent',
        Effect: 'Allow',
        Principal: { Federated: 'accounts.google.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'accounts.google.com:sub': subjectId } },
      },
    ]),
  })
  new IamRolePolicy(scope, `${source.name}-role-policy`, {
    name: 'transfer',
    role: role.id,
    policy: policy([...reading(bridge, source), receiving(queueArn), ...decrypting(bridge, source)]),
  })
  return role
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
