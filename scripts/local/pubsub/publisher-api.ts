import type { UntypedServiceImplementation } from '@grpc/grpc-js'
import type { Broker } from './broker.ts'
import type { unaryCalls } from './grpc.ts'
import { requireName } from './names.ts'
import { page } from './paging.ts'
import { requirePublishable } from './publishing.ts'
import type { Registry } from './registry.ts'
import { invalidArgument } from './status.ts'
import type { Page, UpdateMask, WireMessage, WireTopic } from './wire.ts'

export interface PublisherContext {
  readonly broker: Broker
  readonly registry: Registry
  readonly unary: ReturnType<typeof unaryCalls>
}

/** google.pubsub.v1.Publisher. Snapshots, schemas and DetachSubscription are answered UNIMPLEMENTED. */
export function publisherApi({ broker, registry, unary }: PublisherContext): UntypedServiceImplementation {
  return {
    CreateTopic: unary<WireTopic, WireTopic>('CreateTopic', ({ request }) => {
      requireName('topics', request.name)
      return registry.createTopic(request)
    }),

    GetTopic: unary<{ topic: string }, WireTopic>('GetTopic', ({ request }) => registry.topic(request.topic)),

    UpdateTopic: unary<{ topic: WireTopic } & UpdateMask, WireTopic>('UpdateTopic', ({ request }) => {
      const paths = request.updateMask?.paths ?? []
      if (paths.some((path) => path !== 'labels'))
        throw invalidArgument('Only labels of a topic can be changed.')
      return registry.putTopic({ ...registry.topic(request.topic.name), labels: request.topic.labels })
    }),

    DeleteTopic: unary<{ topic: string }, object>('DeleteTopic', ({ request }) => {
      registry.deleteTopic(request.topic)
      return {}
    }),

    ListTopics: unary<{ project: string } & Page, object>('ListTopics', ({ request }) => {
      const topics = [...registry.topics.values()].filter(({ name }) =>
        name.startsWith(`${request.project}/`),
      )
      const { items, nextPageToken } = page(topics, ({ name }) => name, request)
      return { topics: items, nextPageToken }
    }),

    ListTopicSubscriptions: unary<{ topic: string } & Page, object>(
      'ListTopicSubscriptions',
      ({ request }) => {
        registry.topic(request.topic)
        const names = registry.subscriptionsOf(request.topic).map(({ name }) => name)
        const { items, nextPageToken } = page(names, (name) => name, request)
        return { subscriptions: items, nextPageToken }
      },
    ),

    Publish: unary<{ topic: string; messages: readonly WireMessage[] }, object>('Publish', ({ request }) => {
      requirePublishable(request.messages)
      return { messageIds: broker.publish(request.topic, request.messages) }
    }),
  }
}
