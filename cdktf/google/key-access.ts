import { DataGoogleBigqueryDefaultServiceAccount } from '@cdktf/provider-google/lib/data-google-bigquery-default-service-account/index.js'
import { DataGoogleProject } from '@cdktf/provider-google/lib/data-google-project/index.js'
import { KmsCryptoKeyIamMember } from '@cdktf/provider-google/lib/kms-crypto-key-iam-member/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { keyOfDatasets } from '../../functions/config/keys.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Accounts } from './accounts.ts'

/**
 * Lets Google's agents use the keys of the configuration; nobody of ours needs to, as they decrypt for whoever may
 * read. The function has no trigger, so Eventarc's agent, which the page names too, is left out.
 * https://docs.cloud.google.com/functions/docs/securing/cmek and, each for its own,
 * https://docs.cloud.google.com/pubsub/docs/encryption,
 * https://docs.cloud.google.com/bigquery/docs/customer-managed-encryption [2026-11]
 * @returns what must be there before anything is encrypted.
 */
export function keyAccess(
  scope: Construct,
  bridge: Bridge,
  { agents }: Accounts,
  dependsOn: ITerraformDependable[],
): KmsCryptoKeyIamMember[] {
  const { project, key } = bridge.google
  const datasetKey = keyOfDatasets(bridge.google)
  if (key === undefined || datasetKey === undefined) return []
  const { number } = new DataGoogleProject(scope, 'key-project', { projectId: project })
  const bigquery = new DataGoogleBigqueryDefaultServiceAccount(scope, 'bigquery-agent', {
    project,
    dependsOn,
  })
  const agent = (service: string) => `serviceAccount:service-${number}@${service}.iam.gserviceaccount.com`
  const users: readonly (readonly [user: string, member: string, cryptoKeyId: string])[] = [
    ['storage', agents.storage, key],
    ['pubsub', agents.pubsub, key],
    ['artifacts', agent('gcp-sa-artifactregistry'), key],
    ['functions', agent('gcf-admin-robot'), key],
    ['run', agent('serverless-robot-prod'), key],
    ['bigquery', bigquery.member, datasetKey],
  ]
  return users.map(
    ([user, member, cryptoKeyId]) =>
      new KmsCryptoKeyIamMember(scope, `${user}-uses-key`, {
        cryptoKeyId,
        member,
        role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
        dependsOn,
      }),
  )
}
