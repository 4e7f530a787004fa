import type { Cloudfunctions2Function } from '@cdktf/provider-google/lib/cloudfunctions2-function/index.js'
import { PubsubSubscription } from '@cdktf/provider-google/lib/pubsub-subscription/index.js'
import { PubsubSubscriptionIamMember } from '@cdktf/provider-google/lib/pubsub-subscription-iam-member/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { answerSeconds } from '../../functions/config/answer-time.ts'
import { bridgeNames } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Accounts } from './accounts.ts'
import { deliveryAttempts } from './delivery.ts'
import { subscriber } from './grants.ts'
import type { Lane } from './lanes.ts'
import { shortName } from './short-name.ts'
import { kept, type Topics } from './topics.ts'

/** Pushes a lane's announcements to its function until each is answered, or given up on. */
export function loadSubscription(
  scope: Construct,
  bridge: Bridge,
  lane: Lane,
  parts: { topics: Topics; load: Cloudfunctions2Function; accounts: Accounts; ready: ITerraformDependable[] },
): PubsubSubscription {
  const { topics, load, accounts, ready } = parts
  const names = bridgeNames(bridge, lane.name)
  const subscription = new PubsubSubscription(scope, `load-${lane.name}-subscription`, {
    project: bridge.google.project,
    name: shortName(names.subscription),
    topic: topics.landed.id,
    filter: lane.filter,
    ackDeadlineSeconds: answerSeconds,
    ...kept(bridge),
    pushConfig: pushTo(load, names.topic, accounts),
    retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
    deadLetterPolicy: { deadLetterTopic: topics.deadLetters.id, maxDeliveryAttempts: deliveryAttempts },
    dependsOn: [...ready, ...topics.granted],
  })
  new PubsubSubscriptionIamMember(scope, `load-${lane.name}-gives-up`, {
    project: bridge.google.project,
    subscription: subscription.name,
    member: accounts.agents.pubsub,
    role: subscriber,
  })
  return subscription
}

/** Hands dead letters to the function once more, and again until it answers: it records what became of them. */
export function recordSubscription(
  scope: Construct,
  bridge: Bridge,
  {
    topics,
    load,
    accounts,
    ready,
  }: { topics: Topics; load: Cloudfunctions2Function; accounts: Accounts; ready: ITerraformDependable[] },
): PubsubSubscription {
  const names = bridgeNames(bridge)
  return new PubsubSubscription(scope, 'dead-letters-record', {
    project: bridge.google.project,
    name: shortName(names.deadLetterRecord),
    topic: topics.deadLetters.id,
    ackDeadlineSeconds: answerSeconds,
    ...kept(bridge),
    pushConfig: pushTo(load, names.deadLetterTopic, accounts),
    retryPolicy: { minimumBackoff: '60s', maximumBackoff: '600s' },
    dependsOn: ready,
  })
}

/** The topic's name in the path is where functions-framework reads it; the audience is the service without it. */
function pushTo(load: Cloudfunctions2Function, topic: string, { push }: Accounts) {
  const { uri } = load.serviceConfig
  return {
    pushEndpoint: `${uri}/${topic}`,
    oidcToken: { serviceAccountEmail: push.email, audience: uri },
  }
}
