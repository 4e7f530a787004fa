import type { protos } from '@google-cloud/pubsub'
import { deliveryAttempts, keptSeconds, pubsubAgent } from '../../cdktf/google/delivery.ts'
import { publisher, subscriber } from '../../cdktf/google/grants.ts'
import { lanesOf } from '../../cdktf/google/lanes.ts'
import { shortName } from '../../cdktf/google/short-name.ts'
import { answerSeconds } from '../../functions/config/answer-time.ts'
import { accountName, bridgeNames } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { type About, known, once } from './about.ts'
import { type Check, fail, finding, type Problem, warn } from './check.ts'
import { judgeGrant } from './grant.ts'

export type Subscription = protos.google.pubsub.v1.ISubscription

/** What a subscription has to be. */
export interface WantedSubscription {
  readonly topic: string
  readonly filter: string
  /** The topic whose name the push endpoint ends with; a subscription nobody pushes has none. */
  readonly pushes: string | undefined
  /** Where what is given up on goes. */
  readonly deadLetters: string | undefined
}

/** The subscriptions that feed the function, those of the dead letters, and who may move messages there. */
export function subscriptionChecks(about: About, caller: Check): Check[] {
  const { bridge, clients, deploy } = about
  const names = bridgeNames(bridge)
  const { topic, deadLetterTopic } = names
  const agent = once(async () => {
    // The number of the project, which names its agents, without a permission on the project.
    const landing = clients.storage.bucket(bridge.google.landingBucket).getMetadata()
    const what = "the project's number is not known"
    const [{ projectNumber }] = await known(landing, { what, fix: 'see the check of the landing bucket' })
    return pubsubAgent(String(projectNumber))
  })
  const one = (name: string, wanted: WantedSubscription): Check => ({
    group: 'load',
    what: `subscription ${shortName(name)}`,
    make: deploy('google'),
    after: caller,
    asks: `pubsub.subscriptions.get on ${shortName(name)}`,
    run: async () => {
      const [metadata] = await clients.pubsub.subscription(name).getMetadata()
      return finding(judgeSubscription(metadata, wanted, bridge, deploy('google')), describe(metadata))
    },
  })
  const lanes = lanesOf(bridge).flatMap(({ name, filter }) => {
    const { subscription } = bridgeNames(bridge, name)
    const check = one(subscription, { topic, filter, pushes: topic, deadLetters: deadLetterTopic })
    return [check, grantCheck(about, check, 'subscriptions', subscription, subscriber, agent)]
  })
  return [
    ...lanes,
    grantCheck(about, caller, 'topics', deadLetterTopic, publisher, agent),
    one(names.deadLetterRecord, {
      topic: deadLetterTopic,
      filter: '',
      pushes: deadLetterTopic,
      deadLetters: undefined,
    }),
    one(names.deadLetterKeep, {
      topic: deadLetterTopic,
      filter: '',
      pushes: undefined,
      deadLetters: undefined,
    }),
  ]
}

/** Pub/Sub itself needs a role to move a message that was given up on. */
function grantCheck(
  { bridge, clients: { pubsub }, deploy }: About,
  after: Check,
  kind: 'topics' | 'subscriptions',
  name: string,
  role: string,
  agent: () => Promise<string>,
): Check {
  const short = shortName(name)
  return {
    group: 'load',
    what: `permissions on ${kind.slice(0, -1)} ${short}`,
    make: deploy('google'),
    after,
    asks: `pubsub.${kind}.getIamPolicy on ${short}`,
    run: async () => {
      const of = kind === 'topics' ? pubsub.topic(name) : pubsub.subscription(name)
      const [policy] = await of.iam.getPolicy()
      const member = await agent()
      const add = `gcloud pubsub ${kind} add-iam-policy-binding ${short} --project=${bridge.google.project} --member=${member} --role=${role}`
      return finding(judgeGrant(policy, { member, role }, add), 'Pub/Sub may move what is given up on')
    },
  }
}

export function judgeSubscription(
  actual: Subscription,
  { topic, filter, pushes, deadLetters }: WantedSubscription,
  bridge: Bridge,
  deploy: string,
): Problem[] {
  const project = bridge.google.project
  const update = `gcloud pubsub subscriptions update ${shortName(actual.name ?? '')} --project=${project}`
  const kept = Number(actual.messageRetentionDuration?.seconds ?? 0)
  return [
    ...(actual.topic === topic
      ? []
      : [fail(`it is of ${actual.topic}: made again only after it is deleted`, deploy)]),
    ...((actual.filter ?? '') === filter
      ? []
      : [
          fail(
            `its filter is ${actual.filter || 'empty'}, not ${filter || 'empty'}: delete it, filters cannot change`,
            deploy,
          ),
        ]),
    ...(pushes === undefined ? [] : judgePush(actual, pushes, bridge, deploy)),
    ...(deadLetters === undefined ? [] : judgeDeadLetters(actual, deadLetters, update)),
    // Without a policy it expires after 31 days without a delivery: pubsub.proto, November 2026.
    ...(actual.expirationPolicy && !actual.expirationPolicy.ttl
      ? []
      : [warn('it is deleted after days without a delivery', `${update} --expiration-period=never`)]),
    ...(kept >= keptSeconds(bridge)
      ? []
      : [
          warn(
            `it keeps messages ${kept / 86_400} days`,
            `${update} --message-retention-duration=${keptSeconds(bridge)}s`,
          ),
        ]),
  ]
}

function judgePush(
  { pushConfig, ackDeadlineSeconds }: Subscription,
  topic: string,
  bridge: Bridge,
  deploy: string,
): Problem[] {
  const endpoint = URL.parse(pushConfig?.pushEndpoint ?? '')
  if (!endpoint) return [fail('it pushes to nobody', deploy)]
  const account = `${accountName(bridge, 'push')}@${bridge.google.project}.iam.gserviceaccount.com`
  const signs = pushConfig?.oidcToken?.serviceAccountEmail
  const loopback = /^(localhost|127\.|\[::1\])/.test(endpoint.hostname)
  return [
    // functions-framework reads the topic from the path.
    ...(endpoint.pathname === `/${topic}`
      ? []
      : [fail(`it pushes to ${endpoint.href}, which does not end in /${topic}`, deploy)]),
    ...(endpoint.protocol === 'https:' || loopback
      ? []
      : [fail(`it pushes to ${endpoint.href} without TLS`, deploy)]),
    ...(endpoint.protocol === 'https:' && signs !== account
      ? [fail(`it signs in as ${signs || 'nobody'}, not ${account}`, deploy)]
      : []),
    ...(ackDeadlineSeconds === answerSeconds
      ? []
      : [
          warn(
            `it waits ${ackDeadlineSeconds} s for an answer, the function may take ${answerSeconds} s`,
            deploy,
          ),
        ]),
  ]
}

function judgeDeadLetters({ deadLetterPolicy }: Subscription, topic: string, update: string): Problem[] {
  const set = `${update} --dead-letter-topic=${topic} --max-delivery-attempts=${deliveryAttempts}`
  if (!deadLetterPolicy?.deadLetterTopic) return [fail('it never gives up: no dead-letter topic', set)]
  return deadLetterPolicy.deadLetterTopic === topic
    ? []
    : [fail(`what is given up on goes to ${deadLetterPolicy.deadLetterTopic}, not ${topic}`, set)]
}

function describe({ pushConfig }: Subscription): string {
  return pushConfig?.pushEndpoint
    ? `pushes to ${URL.parse(pushConfig.pushEndpoint)?.host}`
    : 'keeps messages for replay'
}
