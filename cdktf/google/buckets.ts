import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js'
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { functionRegion } from '../../functions/config/locations.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Accounts } from './accounts.ts'
import { loadRoles, transferRoles } from './grants.ts'

/** A bucket and the permissions on it, which whoever uses it must wait for. */
export interface GrantedBucket {
  readonly bucket: StorageBucket
  readonly granted: StorageBucketIamMember[]
}

/** Where objects land between the clouds. A copy is not precious: the original is in S3. */
export function landingBucket(
  scope: Construct,
  bridge: Bridge,
  who: Accounts,
  apis: ITerraformDependable[],
): GrantedBucket {
  const { landingBucket: name, landingDays } = bridge.google
  const bucket = privateBucket(scope, bridge, 'landing', name, apis, {
    lifecycleRule: [expires(landingDays), unfinished],
    softDeletePolicy: { retentionDurationSeconds: 0 },
  })
  const transfer = who.agents.transfer
  return {
    bucket,
    granted: grants(scope, bucket, 'landing', [
      ['transfer-writes', transfer, transferRoles.writes],
      ['transfer-compares', transfer, transferRoles.compares],
      ['load-reads', who.load.member, loadRoles.reads],
    ]),
  }
}

/**
 * The ledger: claims are replaced and groups written once, so a retention policy, which forbids replacing, cannot be
 * used. Deleted objects can be restored for a week. Nothing expires unless the configuration says so.
 */
export function ledgerBucket(
  scope: Construct,
  bridge: Bridge,
  who: Accounts,
  apis: ITerraformDependable[],
): GrantedBucket {
  const { ledgerBucket: name, ledgerDays } = bridge.google
  const bucket = privateBucket(scope, bridge, 'ledger', name, apis, {
    lifecycleRule: [...(ledgerDays === undefined ? [] : [expires(ledgerDays)]), unfinished],
    softDeletePolicy: { retentionDurationSeconds: 7 * 86_400 },
  })
  return {
    bucket,
    granted: grants(scope, bucket, 'ledger', [['load-keeps', who.load.member, loadRoles.keeps]]),
  }
}

/** The function's source, by content: old ones are of no use once the next is deployed. */
export function sourceBucket(scope: Construct, bridge: Bridge, apis: ITerraformDependable[]): StorageBucket {
  const name = `${bridge.google.project}-${bridge.name}-source`
  return privateBucket(scope, bridge, 'source', name, apis, { forceDestroy: true })
}

type Keeping = Pick<
  ConstructorParameters<typeof StorageBucket>[2],
  'lifecycleRule' | 'softDeletePolicy' | 'forceDestroy'
>

function privateBucket(
  scope: Construct,
  bridge: Bridge,
  id: string,
  name: string,
  apis: ITerraformDependable[],
  keeping: Keeping,
) {
  return new StorageBucket(scope, `${id}-bucket`, {
    name,
    project: bridge.google.project,
    location: functionRegion(bridge.google),
    uniformBucketLevelAccess: true,
    publicAccessPrevention: 'enforced',
    forceDestroy: false,
    ...keeping,
    dependsOn: apis,
  })
}

function expires(days: number) {
  return { action: { type: 'Delete' }, condition: { age: days } }
}

const unfinished = { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } }

function grants(
  scope: Construct,
  bucket: StorageBucket,
  of: string,
  wanted: readonly (readonly [id: string, member: string, role: string])[],
): StorageBucketIamMember[] {
  return wanted.map(
    ([id, member, role]) =>
      new StorageBucketIamMember(scope, `${of}-${id}`, { bucket: bucket.name, member, role }),
  )
}
