import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js'
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js'
import type { Construct } from 'constructs'
import { transferRoleName } from '../../functions/config/names.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { transferPolicy, transferPolicyName, trustPolicy } from './role-policies.ts'

/** What Google's transfer service may do with one source, signed in by its own identity: no key exists. */
export function transferRole(
  scope: Construct,
  bridge: Bridge,
  source: DeployedSource,
  { subjectId, queueArn }: { subjectId: string; queueArn: string },
): IamRole {
  const role = new IamRole(scope, `${source.name}-role`, {
    name: transferRoleName(bridge, source),
    description: `Causeway: Storage Transfer reads source ${source.name}`,
    assumeRolePolicy: trustPolicy(subjectId),
  })
  new IamRolePolicy(scope, `${source.name}-role-policy`, {
    name: transferPolicyName,
    role: role.id,
    policy: transferPolicy(bridge, source, queueArn),
  })
  return role
}
