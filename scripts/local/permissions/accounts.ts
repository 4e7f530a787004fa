import {
  ledgerPermissions,
  loaderPermissions,
  loadRoles,
  transferRoles,
} from '../../../cdktf/google/grants.ts'
import { accountName } from '../../../functions/config/names.ts'
import type { Bridge } from '../../../functions/config/schema.ts'
import { projectNumber } from '../project-number.ts'
import { Access } from './access.ts'
import { permissionsOfRole } from './roles.ts'

/** The account the load function runs as, with what the Google stack grants it on buckets and datasets. */
export function loadAccount(bridge: Bridge): Access {
  const { project, landingBucket, ledgerBucket } = bridge.google
  return new Access(`${accountName(bridge, 'load')}@${project}.iam.gserviceaccount.com`, [
    { on: `buckets/${landingBucket}`, permissions: permissionsOfRole(loadRoles.reads) },
    { on: `buckets/${ledgerBucket}`, permissions: ledgerPermissions },
    { on: `datasets/${bridge.dataset}`, permissions: loaderPermissions },
    { on: `datasets/${bridge.stateDataset}`, permissions: loaderPermissions },
  ])
}

/** Google's agent that transfers, as the local Storage Transfer names it, with what the Google stack grants it. */
export function transferAccount({ google: { landingBucket } }: Pick<Bridge, 'google'>): Access {
  const { writes, compares } = transferRoles
  return new Access(`project-${projectNumber}@storage-transfer-service.iam.gserviceaccount.com`, [
    {
      on: `buckets/${landingBucket}`,
      permissions: [...permissionsOfRole(writes), ...permissionsOfRole(compares)],
    },
  ])
}
