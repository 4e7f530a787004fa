import { ProjectIamCustomRole } from '@cdktf/provider-google/lib/project-iam-custom-role/index.js'
import { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js'
import { StorageBucketIamBinding } from '@cdktf/provider-google/lib/storage-bucket-iam-binding/index.js'
import { StorageBucketIamMember } from '@cdktf/provider-google/lib/storage-bucket-iam-member/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { functionRegion } from '../../functions/config/locations.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Accounts } from './accounts.ts'
import { ledgerPermissions, ledgerRoleId, loadRoles, projectWideRoles, transferRoles } from './grants.ts'

/** A bucket and the permissions on it, which whoever uses it must wait for. */
export interface GrantedBucket {
  readonly bucket: StorageBucket
  readonly granted: ITerraformDependable[]
}

/** Where objects land between the clouds. A copy is not precious: the original is in S3. */
export function landingBucket(
  scope: Construct,
  bridge: Bridge,
  accounts: Accounts,
  apis: ITerraformDependable[],
): GrantedBucket {
  const { landingBucket: name, landingDays } = bridge.google
  const bucket = privateBucket(scope, bridge, 'landing', name, apis, {
    lifecycleRule: [expires(landingDays), unfinished],
    softDeletePolicy: { retentionDurationSeconds: 0 },
  })
  const { transfer } = accounts.agents
  const owners = ownersOnly(scope, bridge, bucket, 'landing', { [transferRoles.compares]: transfer })
  return {
    bucket,
    granted: [
      ...owners,
      ...grants(scope, bucket, 'landing', owners, [
        ['transfer-writes', transfer, transferRoles.writes],
        ['load-reads', accounts.load.member, loadRoles.reads],
      ]),
    ],
  }
}

/**
 * The ledger: claims are replaced and groups written once, so a retention policy, which forbids replacing, cannot be
 * used. Deleted objects can be restored for a week. Nothing expires unless the configuration says so.
 */
export function ledgerBucket(
  scope: Construct,
  bridge: Bridge,
  accounts: Accounts,
  apis: ITerraformDependable[],
): GrantedBucket {
  const { ledgerBucket: name, ledgerDays } = bridge.google
  const bucket = privateBucket(scope, bridge, 'ledger', name, apis, {
    lifecycleRule: [...(ledgerDays === undefined ? [] : [expires(ledgerDays)]), unfinished],
    softDeletePolicy: { retentionDurationSeconds: 7 * 86_400 },
  })
  const role = new ProjectIamCustomRole(scope, 'ledger-role', {
    project: bridge.google.project,
    roleId: ledgerRoleId(bridge),
    title: `Causeway ledger (${bridge.name})`,
    description: 'Reads, writes and replaces objects of the ledger',
    permissions: [...ledgerPermissions],
    dependsOn: apis,
  })
  const owners = ownersOnly(scope, bridge, bucket, 'ledger')
  return {
    bucket,
    granted: [
      ...owners,
      ...grants(scope, bucket, 'ledger', owners, [['load-keeps', accounts.load.member, role.name]]),
    ],
  }
}

/**
 * The function's source, by content: old ones are of no use once the next is deployed. No log is in it, so that
 * whoever edits the project, and may deploy another function anyway, keeps the access a new bucket gives.
 */
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
    ...(bridge.google.key && { encryption: { defaultKmsKeyName: bridge.google.key } }),
    forceDestroy: false,
    ...keeping,
    dependsOn: apis,
  })
}

function expires(days: number) {
  return { action: { type: 'Delete' }, condition: { age: days } }
}

const unfinished = { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } }

/**
 * Takes away what the project's editors and viewers have on a new bucket. The right to administer it is the first
 * given and the last taken: whoever owns the project can always put the others back.
 * @param besides who has one of these roles for a reason of its own.
 */
function ownersOnly(
  scope: Construct,
  { google: { project } }: Bridge,
  bucket: StorageBucket,
  of: string,
  besides: Readonly<Record<string, string>> = {},
): StorageBucketIamBinding[] {
  const owners = `projectOwner:${project}`
  const binding = (role: string, dependsOn: ITerraformDependable[]) =>
    new StorageBucketIamBinding(scope, `${of}-${role.slice(role.lastIndexOf('.') + 1)}`, {
      bucket: bucket.name,
      role,
      members: [owners, ...[besides[role] ?? []].flat()],
      dependsOn,
    })
  const first = binding(projectWideRoles.administers, [])
  return [first, ...projectWideRoles.others.map((role) => binding(role, [first]))]
}

function grants(
  scope: Construct,
  bucket: StorageBucket,
  of: string,
  dependsOn: ITerraformDependable[],
  wanted: readonly (readonly [id: string, member: string, role: string])[],
): StorageBucketIamMember[] {
  return wanted.map(
    ([id, member, role]) =>
      new StorageBucketIamMember(scope, `${of}-${id}`, { bucket: bucket.name, member, role, dependsOn }),
  )
}
