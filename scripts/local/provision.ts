import { Storage } from '@google-cloud/storage'
import { StorageTransferServiceClient } from '@google-cloud/storage-transfer'
import { credentials } from '@grpc/grpc-js'
import { ledgerRole, loadRoles, transferRoles } from '../../cdktf/google/grants.ts'
import { functionRegion } from '../../functions/config/locations.ts'
import { bridgeNames } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { landingPrefix } from '../../functions/model/landing-name.ts'
import { grant } from './grant.ts'
import { loadAccount } from './permissions/accounts.ts'
import { provisionRoles } from './provision-aws.ts'
import { provisionPubSub } from './provision-pubsub.ts'
import { provisionJobs } from './provision-transfer.ts'
import { unlessThere } from './unless-there.ts'

/** Where the services are that the resources are made in. */
export interface ProvisionTargets {
  readonly gcsEndpoint: string
  readonly pubsubEndpoint: string
  readonly transferEndpoint: string
  readonly iamEndpoint: string
  /** Port of the load function. */
  readonly functionPort: number
}

/**
 * Makes what the infrastructure would have made, through the official clients: both buckets, notifications, topics,
 * subscriptions, who may use them, and one role and one event-driven transfer job a source. What is there already stays,
 * but a job copies to where its source's lane now is.
 */
export async function provision(bridge: Bridge, targets: ProvisionTargets): Promise<void> {
  const { project } = bridge.google
  const storage = new Storage({ projectId: project, apiEndpoint: targets.gcsEndpoint })
  const [agent] = await storage.getServiceAccount()
  await provisionPubSub(bridge, targets, agent.emailAddress ?? '')
  const client = transferClient(bridge, targets)
  try {
    const [account] = await client.getGoogleServiceAccount({ projectId: project })
    await provisionBuckets(bridge, storage, account.accountEmail ?? '')
    await provisionRoles(bridge, { endpoint: targets.iamEndpoint, subjectId: account.subjectId ?? '' })
    await provisionJobs(bridge, client)
  } finally {
    await client.close()
  }
}

async function provisionBuckets(bridge: Bridge, storage: Storage, transferAgent: string): Promise<void> {
  const { landingBucket, ledgerBucket } = bridge.google
  const location = functionRegion(bridge.google)
  const load = `serviceAccount:${loadAccount(bridge).account}`
  const transfer = `serviceAccount:${transferAgent}`
  const landing = storage.bucket(landingBucket)
  const ledger = storage.bucket(ledgerBucket)
  await unlessThere(landing.create({ location }))
  await grant(landing, [
    { role: transferRoles.writes, members: [transfer] },
    { role: transferRoles.compares, members: [transfer] },
    { role: loadRoles.reads, members: [load] },
  ])
  await unlessThere(ledger.create({ location }))
  await grant(ledger, [{ role: ledgerRole(bridge), members: [load] }])
  const [notifications] = await landing.getNotifications()
  if (notifications.some(({ metadata }) => metadata?.object_name_prefix === landingPrefix)) return
  await landing.createNotification(bridgeNames(bridge).topic, {
    eventTypes: ['OBJECT_FINALIZE'],
    payloadFormat: 'JSON_API_V1',
    objectNamePrefix: landingPrefix,
  })
}

function transferClient(bridge: Bridge, { transferEndpoint }: ProvisionTargets) {
  const [apiEndpoint, port] = transferEndpoint.split(':')
  return new StorageTransferServiceClient({
    projectId: bridge.google.project,
    apiEndpoint: apiEndpoint ?? '',
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  })
}
