import { DataGoogleProject } from '@cdktf/provider-google/lib/data-google-project/index.js'
import { DataGoogleStorageProjectServiceAccount } from '@cdktf/provider-google/lib/data-google-storage-project-service-account/index.js'
import { DataGoogleStorageTransferProjectServiceAccount } from '@cdktf/provider-google/lib/data-google-storage-transfer-project-service-account/index.js'
import type { ProjectService } from '@cdktf/provider-google/lib/project-service/index.js'
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js'
import type { Construct } from 'constructs'
import { accountName } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { apiOf } from './apis.ts'
import { pubsubAgent } from './delivery.ts'

/** Who acts in the project: accounts of ours, one a job, and Google's own agents. */
export interface Accounts {
  /** The load function runs as it. */
  readonly load: ServiceAccount
  /** Pub/Sub calls the function as it. */
  readonly push: ServiceAccount
  /** Cloud Build makes the function's image as it. */
  readonly build: ServiceAccount
  /** `serviceAccount:...` of the agents. */
  readonly agents: { readonly storage: string; readonly pubsub: string; readonly transfer: string }
  readonly transferSubjectId: string
}

export function makeAccounts(scope: Construct, bridge: Bridge, apis: ProjectService[]): Accounts {
  const { project } = bridge.google
  const account = (id: 'load' | 'push' | 'build', displayName: string) =>
    // A lane's function is load-<lane>: so the account is not load-account.
    new ServiceAccount(scope, `account-${id}`, {
      project,
      accountId: accountName(bridge, id),
      displayName,
      dependsOn: apis,
    })
  const about = new DataGoogleProject(scope, 'project', { projectId: project })
  const storage = new DataGoogleStorageProjectServiceAccount(scope, 'storage-agent', {
    project,
    dependsOn: apiOf(apis, 'storage'),
  })
  const transfer = new DataGoogleStorageTransferProjectServiceAccount(scope, 'transfer-agent', {
    project,
    dependsOn: apiOf(apis, 'storagetransfer'),
  })
  return {
    load: account('load', 'Causeway: loads objects into BigQuery'),
    push: account('push', 'Causeway: calls the load function'),
    build: account('build', 'Causeway: builds the load function'),
    agents: {
      storage: `serviceAccount:${storage.emailAddress}`,
      pubsub: pubsubAgent(about.number),
      transfer: `serviceAccount:${transfer.email}`,
    },
    transferSubjectId: transfer.subjectId,
  }
}
