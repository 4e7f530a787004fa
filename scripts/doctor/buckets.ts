import type { Bucket } from '@google-cloud/storage'
import { ledgerRole, loadRoles, publisher, transferRoles } from '../../cdktf/google/grants.ts'
import { shortName } from '../../cdktf/google/short-name.ts'
import { functionRegion } from '../../functions/config/locations.ts'
import { accountName, bridgeNames } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { landingPrefix } from '../../functions/model/landing-name.ts'
import type { About } from './about.ts'
import { type Check, fail, finding, type Problem, pass, warn } from './check.ts'
import { judgeGrant } from './grant.ts'
import { laneCopiesCheck } from './lane-copies.ts'

/** The bucket objects land in, who may use it, and whether it tells of them. */
export function landingChecks(about: About, caller: Check): Check[] {
  const { bridge, clients, transferAgent, deploy } = about
  const { landingBucket, project } = bridge.google
  const { topic } = bridgeNames(bridge)
  const bucket = clients.storage.bucket(landingBucket)
  const fix = deploy('google')
  const shared = { group: 'finalize', make: fix } as const
  const there = bucketCheck(bridge, bucket, {
    ...shared,
    what: `landing bucket gs://${landingBucket}`,
    after: caller,
  })
  const access: Check = {
    ...shared,
    what: 'permissions on the landing bucket',
    after: there,
    asks: `storage.buckets.getIamPolicy on ${landingBucket}`,
    run: async () => {
      const transfer = `serviceAccount:${(await transferAgent()).email}`
      const grants = [
        { member: transfer, role: transferRoles.writes },
        { member: transfer, role: transferRoles.compares },
        { member: loadAccount(bridge), role: loadRoles.reads },
      ]
      return finding(
        await missingGrants(bucket, grants),
        'the transfer service agent writes, the function reads',
      )
    },
  }
  const notifications: Check = {
    ...shared,
    what: 'notifications of landed objects',
    after: there,
    asks: `storage.buckets.get on ${landingBucket}`,
    run: async () => {
      const [made] = await bucket.getNotifications()
      return finding(
        judgeNotifications(
          made.map(({ metadata }) => metadata),
          bridge,
          fix,
        ),
        `to ${shortName(topic)}`,
      )
    },
  }
  const publishes: Check = {
    ...shared,
    what: `permissions on topic ${shortName(topic)}`,
    after: caller,
    asks: `pubsub.topics.getIamPolicy on ${shortName(topic)}, resourcemanager.projects.get on ${project}`,
    run: async () => {
      const [policy] = await clients.pubsub.topic(topic).iam.getPolicy()
      const [agent] = await clients.storage.getServiceAccount()
      const member = `serviceAccount:${agent.emailAddress}`
      const add = `gcloud pubsub topics add-iam-policy-binding ${shortName(topic)} --project=${project} --member=${member} --role=${publisher}`
      return finding(judgeGrant(policy, { member, role: publisher }, add), 'Cloud Storage may publish')
    },
  }
  return [there, access, notifications, publishes, laneCopiesCheck(about, there)]
}

/** The bucket that remembers what was loaded. */
export function ledgerChecks({ bridge, clients, deploy }: About, caller: Check): Check[] {
  const { ledgerBucket } = bridge.google
  const bucket = clients.storage.bucket(ledgerBucket)
  const shared = { group: 'load', make: deploy('google') } as const
  const there = bucketCheck(bridge, bucket, {
    ...shared,
    what: `ledger bucket gs://${ledgerBucket}`,
    after: caller,
  })
  const access: Check = {
    ...shared,
    what: 'permissions on the ledger bucket',
    after: there,
    asks: `storage.buckets.getIamPolicy on ${ledgerBucket}`,
    run: async () =>
      finding(
        await missingGrants(bucket, [{ member: loadAccount(bridge), role: ledgerRole(bridge) }]),
        'the function keeps claims',
      ),
  }
  return [there, access]
}

function bucketCheck(bridge: Bridge, bucket: Bucket, about: Omit<Check, 'run' | 'asks'>): Check {
  return {
    ...about,
    asks: `storage.buckets.get on ${bucket.name}`,
    run: async () => {
      const [{ location = '' }] = await bucket.getMetadata()
      const region = functionRegion(bridge.google)
      return location.toLowerCase() === region
        ? pass(region)
        : warn(
            `it is in ${location}, and the function in ${region}: slower, and egress is billed`,
            'take another bucket in the configuration; a bucket cannot be moved',
          )
    },
  }
}

async function missingGrants(
  bucket: Bucket,
  grants: readonly { readonly member: string; readonly role: string }[],
): Promise<Problem[]> {
  const [policy] = await bucket.iam.getPolicy({ requestedPolicyVersion: 3 })
  const add = `gcloud storage buckets add-iam-policy-binding gs://${bucket.name}`
  return grants.flatMap(({ member, role }) =>
    judgeGrant(policy, { member, role }, `${add} --member=${member} --role=${role}`),
  )
}

function loadAccount(bridge: Bridge): string {
  return `serviceAccount:${accountName(bridge, 'load')}@${bridge.google.project}.iam.gserviceaccount.com`
}

/** A notification as the API gives it. */
export interface NotificationResource {
  readonly topic?: string
  readonly event_types?: readonly string[]
  readonly object_name_prefix?: string
  readonly payload_format?: string
}

/** Each landed object has to be announced, whatever its lane, with its metadata, and once. */
export function judgeNotifications(
  made: readonly NotificationResource[],
  bridge: Bridge,
  fix: string,
): Problem[] {
  const { topic } = bridgeNames(bridge)
  const ours = made.filter(
    (one) => one.topic?.endsWith(topic) && (one.event_types?.includes('OBJECT_FINALIZE') ?? true),
  )
  return [
    ...(ours.some(({ object_name_prefix }) => object_name_prefix === landingPrefix)
      ? []
      : [fail(`nothing announces ${landingPrefix}*`, fix)]),
    ...ours
      .filter(({ payload_format }) => payload_format !== 'JSON_API_V1')
      .map(() => fail('one announces without the metadata of the object', fix)),
    ...(ours.length > 1 ? [warn(`${ours.length} announce, 1 should: objects are announced twice`, fix)] : []),
  ]
}
