import { BigqueryDataset } from '@cdktf/provider-google/lib/bigquery-dataset/index.js'
import { ProjectIamCustomRole } from '@cdktf/provider-google/lib/project-iam-custom-role/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { keyOfDatasets } from '../../functions/config/keys.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Accounts } from './accounts.ts'
import { loadAccess, ownersOnly, readAccess } from './dataset-access.ts'
import { loaderPermissions } from './grants.ts'

const day = 86_400_000

export interface Datasets {
  readonly logs: BigqueryDataset
  readonly state: BigqueryDataset
  readonly granted: ITerraformDependable[]
}

/**
 * Both datasets. Tables the function makes for new apps take their expiry and key from the dataset, as they are when
 * the table is made.
 */
export function makeDatasets(
  scope: Construct,
  bridge: Bridge,
  accounts: Accounts,
  apis: ITerraformDependable[],
): Datasets {
  const { project, location, logDays } = bridge.google
  const kmsKeyName = keyOfDatasets(bridge.google)
  const dataset = (id: string, datasetId: string, description: string, days: number | undefined) =>
    new BigqueryDataset(scope, `${id}-dataset`, {
      project,
      datasetId,
      location,
      description,
      deleteContentsOnDestroy: false,
      ...ownersOnly,
      ...(days && { defaultPartitionExpirationMs: days * day }),
      ...(kmsKeyName && { defaultEncryptionConfiguration: { kmsKeyName } }),
      dependsOn: apis,
    })
  const logs = dataset('logs', bridge.dataset, 'Log tables, loaded by Causeway', logDays)
  const state = dataset('state', bridge.stateDataset, "Causeway's own tables", bridge.google.stateDays)
  const role = loaderRole(scope, bridge, apis)
  readAccess(scope, bridge, logs)
  const granted = [
    loadAccess(scope, 'logs', logs, accounts.load, role.name),
    loadAccess(scope, 'state', state, accounts.load, role.name),
  ]
  return { logs, state, granted }
}

function loaderRole(
  scope: Construct,
  { name, google: { project } }: Bridge,
  dependsOn: ITerraformDependable[],
) {
  return new ProjectIamCustomRole(scope, 'loader-role', {
    project,
    // Roles have no dashes in their names.
    roleId: `${name.replaceAll('-', '_')}_loader`,
    title: `Causeway loader (${name})`,
    description: 'Makes tables, gives them columns, and writes rows through the Storage Write API',
    permissions: [...loaderPermissions],
    dependsOn,
  })
}
