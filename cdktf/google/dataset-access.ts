import { createHash } from 'node:crypto'
import type { BigqueryDataset } from '@cdktf/provider-google/lib/bigquery-dataset/index.js'
import { BigqueryDatasetAccessA } from '@cdktf/provider-google/lib/bigquery-dataset-access/index.js'
import type { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js'
import type { Construct } from 'constructs'
import type { Bridge } from '../../functions/config/schema.ts'

/**
 * How a dataset begins: without this, BigQuery lets viewers of the project read it and editors write it. From then on
 * access is granted one by one, here and by others, whose views over log tables must stay authorized: so the list as
 * a whole is not compared again.
 * https://cloud.google.com/bigquery/docs/access-control-basic-roles [2026-11]
 */
export const ownersOnly = {
  access: [{ role: 'OWNER', specialGroup: 'projectOwners' }],
  lifecycle: { ignoreChanges: ['access'] },
}

/** Lets the function write to a dataset. */
export function loadAccess(
  scope: Construct,
  id: string,
  { project, datasetId }: BigqueryDataset,
  { email }: ServiceAccount,
  role: string,
): BigqueryDatasetAccessA {
  return new BigqueryDatasetAccessA(scope, `load-writes-${id}`, {
    project,
    datasetId,
    role,
    userByEmail: email,
  })
}

/**
 * Lets the readers of the configuration read the log tables. Whoever is taken off the list loses access after the
 * dataset is changed, which `createBeforeDestroy` sees to: the provider's release 6.50 sends the access it read before
 * along with any change of the dataset, and would give back what was taken first.
 * https://github.com/hashicorp/terraform-provider-google/blob/v6.50.0/google/services/bigquery/resource_bigquery_dataset.go
 */
export function readAccess(
  scope: Construct,
  { google: { readers } }: Bridge,
  { project, datasetId }: BigqueryDataset,
): void {
  for (const member of new Set(readers)) {
    // By name, not by place: a list in another order changes nothing.
    const id = createHash('sha256').update(member).digest('hex').slice(0, 8)
    new BigqueryDatasetAccessA(scope, `reader-${id}`, {
      project,
      datasetId,
      role: 'READER',
      lifecycle: { createBeforeDestroy: true },
      ...identity(member),
    })
  }
}

/** BigQuery has a field for each kind of member. */
function identity(member: string) {
  const [kind = '', ...rest] = member.split(':')
  const name = rest.join(':')
  switch (kind) {
    case 'user':
    case 'serviceAccount':
      return { userByEmail: name }
    case 'group':
      return { groupByEmail: name }
    case 'domain':
      return { domain: name }
    default:
      return { iamMember: member }
  }
}
