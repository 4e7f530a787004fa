import { ServiceAccountIamMember } from '@cdktf/provider-google/lib/service-account-iam-member/index.js'
import { StorageBucketObject } from '@cdktf/provider-google/lib/storage-bucket-object/index.js'
import type { StorageTransferJob } from '@cdktf/provider-google/lib/storage-transfer-job/index.js'
import { AssetType, TerraformAsset, TerraformOutput, TerraformStack } from 'cdktf'
import type { Construct } from 'constructs'
import type { Bridge } from '../../functions/config/schema.ts'
import { liveLane } from '../../functions/model/landing-name.ts'
import { awsAccount } from '../account.ts'
import { keepState } from '../state.ts'
import { type Accounts, makeAccounts } from './accounts.ts'
import { adoptKept } from './adopt.ts'
import { alerts } from './alerts/alerts.ts'
import { enableApis, lineageState } from './apis.ts'
import { landingBucket, ledgerBucket, sourceBucket } from './buckets.ts'
import { dashboard } from './dashboard.ts'
import { makeDatasets } from './datasets.ts'
import { loadFunction, pushPermission } from './function.ts'
import { hashKeyAccess } from './hash-key.ts'
import { imageBuild } from './image.ts'
import { keyAccess } from './key-access.ts'
import { lanesOf } from './lanes.ts'
import { landingNotification } from './notifications.ts'
import { googleProvider } from './provider.ts'
import { settled } from './settled.ts'
import { loadSubscription, recordSubscription } from './subscription.ts'
import { makeTables } from './tables.ts'
import { keptDeadLetters, makeTopics, type Topics } from './topics.ts'
import { transferJob } from './transfer-job.ts'

/**
 * Everything in Google Cloud, made from the end of the flow to its beginning: when a transfer job starts to copy,
 * whatever the copy leads to is there.
 */
export class GoogleStack extends TerraformStack {
  constructor(scope: Construct, id: string, bridge: Bridge, functionZip: string) {
    super(scope, id)
    keepState(this, id, bridge)
    googleProvider(this, bridge)
    const account = awsAccount(this, bridge)
    const apis = enableApis(this, bridge)
    const accounts = makeAccounts(this, bridge, apis)
    const keys = [...apis, ...keyAccess(this, bridge, accounts, apis)]

    const datasets = makeDatasets(this, bridge, accounts, keys)
    const tables = makeTables(this, bridge, datasets)
    const ledger = ledgerBucket(this, bridge, accounts, keys)
    const landing = landingBucket(this, bridge, accounts, keys)
    adoptKept(this, bridge, { datasets, tables, landing: landing.bucket, ledger: ledger.bucket })

    const sources = sourceBucket(this, bridge, keys)
    const image = imageBuild(this, bridge, accounts, sources, keys)
    const source = this.#upload(functionZip, sources.name)
    const key = hashKeyAccess(this, bridge, accounts)
    const granted = [...datasets.granted, ...ledger.granted, ...landing.granted, ...key, ...image.granted]
    const ready = [...tables.map(({ resource }) => resource), ...granted, settled(this, accounts, granted)]

    const topics = makeTopics(this, bridge, accounts, keys)
    const tokenCreator = pushTokenCreator(this, accounts, topics)
    const deadLetters = keptDeadLetters(this, bridge, topics)
    const subscriptions = lanesOf(bridge).flatMap((lane) => {
      const load = loadFunction(this, bridge, lane, { accounts, image, source, ready })
      const parts = {
        topics,
        load,
        accounts,
        ready: [tokenCreator, pushPermission(this, load, lane, accounts), deadLetters],
      }
      const subscription = loadSubscription(this, bridge, lane, parts)
      return lane.name === liveLane ? [subscription, recordSubscription(this, bridge, parts)] : [subscription]
    })
    const announced = landingNotification(this, bridge, landing.bucket, [...topics.granted, ...subscriptions])
    const jobs = bridge.sources.map((each) =>
      transferJob(this, bridge, each, {
        account,
        landing: landing.bucket,
        ready: [...landing.granted, announced],
      }),
    )

    // Late: a service's metrics can be named some minutes after it is enabled.
    alerts(this, bridge, jobs, [...apis, announced])
    dashboard(this, bridge, apis)
    this.#tell(bridge, accounts, jobs)
  }

  /** Named by its content: another source is another object, and a new deployment. */
  #upload(path: string, bucket: string): StorageBucketObject {
    const zip = new TerraformAsset(this, 'function-zip', { path, type: AssetType.FILE })
    return new StorageBucketObject(this, 'function-source', {
      bucket,
      name: `load-${zip.assetHash}.zip`,
      source: zip.path,
    })
  }

  #tell(bridge: Bridge, accounts: Accounts, jobs: readonly StorageTransferJob[]): void {
    const { project } = bridge.google
    new TerraformOutput(this, 'transfer_jobs', {
      value: Object.fromEntries(bridge.sources.map(({ name }, index) => [name, jobs[index]?.name])),
      description: 'The transfer job of each source',
    })
    new TerraformOutput(this, 'transfer_subject_id', {
      value: accounts.transferSubjectId,
      description:
        'google.transferSubjectId of the configuration, to plan the AWS stack without Google credentials',
    })
    new TerraformOutput(this, 'lineage', {
      value: lineageState(this, bridge),
      description: 'Data Lineage: billed by itself when on',
    })
    new TerraformOutput(this, 'next_steps', {
      value: [
        'Put a log into a bucket of a source, then:',
        `  npm run -s causeway -- query --cloud "SELECT * FROM ${bridge.stateDataset}.objects ORDER BY finished_at DESC LIMIT 5"`,
        ...(bridge.watch.emails.length + bridge.watch.channels.length === 0
          ? ['Nobody is told when something is wrong: set watch.emails or watch.channels.']
          : []),
        `Dashboard: https://console.cloud.google.com/monitoring/dashboards?project=${project}`,
      ].join('\n'),
    })
  }
}

/** Lets Pub/Sub sign in as the account it calls the function with. Its agent is there when a topic is, at the latest. */
function pushTokenCreator(
  scope: Construct,
  { push, agents }: Accounts,
  { landed, deadLetters }: Topics,
): ServiceAccountIamMember {
  return new ServiceAccountIamMember(scope, 'pubsub-signs-in', {
    serviceAccountId: push.name,
    member: agents.pubsub,
    role: 'roles/iam.serviceAccountOpenIdTokenCreator',
    dependsOn: [landed, deadLetters],
  })
}
