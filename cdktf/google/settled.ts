import type { ITerraformDependable } from 'cdktf'
import { TerraformResource, TerraformStack } from 'cdktf'
import type { Construct } from 'constructs'
import type { Accounts } from './accounts.ts'

/**
 * Changes of policies hold everywhere after typically two minutes:
 * https://cloud.google.com/iam/docs/access-change-propagation [2026-11]
 */
const propagation = '120s'

/**
 * Waits, once in the life of the stack's accounts, until permissions just granted hold. A function whose account may not
 * yet read its source cannot be built, and a transfer job whose agent may not yet write is refused.
 */
export function settled(
  scope: Construct,
  { load, build }: Accounts,
  granted: ITerraformDependable[],
): ITerraformDependable {
  TerraformStack.of(scope).addOverride('terraform.required_providers.time', {
    source: 'hashicorp/time',
    version: '~> 0.13',
  })
  const wait = new TerraformResource(scope, 'permissions-settle', {
    terraformResourceType: 'time_sleep',
    dependsOn: granted,
  })
  wait.addOverride('create_duration', propagation)
  // Accounts that were replaced have new permissions.
  wait.addOverride('triggers', { load: load.uniqueId, build: build.uniqueId })
  return wait
}
