import { PubsubSubscription } from '@cdktf/provider-google/lib/pubsub-subscription/index.js'
import { PubsubTopic } from '@cdktf/provider-google/lib/pubsub-topic/index.js'
import { PubsubTopicIamMember } from '@cdktf/provider-google/lib/pubsub-topic-iam-member/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { functionRegion } from '../../functions/config/locations.ts'
import { bridgeNames } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Accounts } from './accounts.ts'
import { keptSeconds } from './delivery.ts'
import { publisher } from './grants.ts'
import { shortName } from './short-name.ts'

export interface Topics {
  readonly landed: PubsubTopic
  readonly deadLetters: PubsubTopic
  readonly granted: PubsubTopicIamMember[]
}

/** Where landed objects are announced, and where announcements go that were given up on. */
export function makeTopics(
  scope: Construct,
  bridge: Bridge,
  accounts: Accounts,
  dependsOn: ITerraformDependable[],
): Topics {
  const { project, key } = bridge.google
  const names = bridgeNames(bridge)
  const topic = (id: string, name: string) =>
    new PubsubTopic(scope, `${id}-topic`, {
      project,
      name: shortName(name),
      // Messages tell the names and metadata of objects: they stay where the objects are.
      messageStoragePolicy: { allowedPersistenceRegions: [functionRegion(bridge.google)] },
      ...(key && { kmsKeyName: key }),
      dependsOn,
    })
  const landed = topic('landed', names.topic)
  const deadLetters = topic('dead-letters', names.deadLetterTopic)
  const publishes = (id: string, { name }: PubsubTopic, member: string) =>
    new PubsubTopicIamMember(scope, id, { project, topic: name, member, role: publisher })
  return {
    landed,
    deadLetters,
    granted: [
      publishes('storage-announces', landed, accounts.agents.storage),
      publishes('pubsub-gives-up', deadLetters, accounts.agents.pubsub),
    ],
  }
}

/** Keeps what was given up on, for replay: nothing reads it otherwise. */
export function keptDeadLetters(
  scope: Construct,
  bridge: Bridge,
  { deadLetters }: Topics,
): PubsubSubscription {
  return new PubsubSubscription(scope, 'dead-letters-keep', {
    project: bridge.google.project,
    name: shortName(bridgeNames(bridge).deadLetterKeep),
    topic: deadLetters.id,
    ackDeadlineSeconds: 600,
    ...kept(bridge),
  })
}

/** A subscription nobody reads stays. */
export function kept(bridge: Bridge) {
  return { messageRetentionDuration: `${keptSeconds(bridge)}s`, expirationPolicy: { ttl: '' } }
}
