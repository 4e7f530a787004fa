import type { ServerDuplexStream, UntypedServiceImplementation } from '@grpc/grpc-js'
import { parseAckId } from './ack-id.ts'
import { requireDeadline } from './deadline.ts'
import type { Unary, unaryCalls } from './grpc.ts'
import { page } from './paging.ts'
import { pull } from './pull-consumer.ts'
import { type PushContext, pushIfAsked } from './push-consumer.ts'
import { toReceivedMessage } from './received-message.ts'
import { failedPrecondition, invalidArgument } from './status.ts'
import { streamingPull } from './streaming-pull.ts'
import { parseSubscription, type Subscription, updateSubscription } from './subscription.ts'
import type { Page, StreamingPullRequest, UpdateMask, WirePushConfig, WireSubscription } from './wire.ts'

export interface SubscriberContext extends PushContext {
  readonly unary: ReturnType<typeof unaryCalls>
}

/** How long Pull waits for a first message. The real service does not say how long it does. */
const pullWaitMs = 10_000

/** Time for one turn of the broker's loop. */
const returnImmediatelyMs = 50

/** google.pubsub.v1.Subscriber. Seek and snapshots are answered UNIMPLEMENTED. */
export function subscriberApi(context: SubscriberContext): UntypedServiceImplementation {
  const { broker, unary } = context
  return {
    ...administration(context),

    Pull: unary<PullRequest, object>('Pull', (call) => answerPull(call, context)),

    Acknowledge: unary<Named & { ackIds: readonly string[] }, object>('Acknowledge', ({ request }) => {
      context.registry.subscription(request.subscription)
      broker.acknowledge(request.subscription, request.ackIds.map(parseAckId))
      return {}
    }),

    ModifyAckDeadline: unary<ModifyAckDeadlineRequest, object>('ModifyAckDeadline', ({ request }) => {
      context.registry.subscription(request.subscription)
      const seconds = requireDeadline(request.ackDeadlineSeconds, 0)
      const tickets = request.ackIds.map(parseAckId)
      if (seconds === 0) broker.giveBack(request.subscription, tickets)
      else broker.extend(request.subscription, tickets, seconds * 1000)
      return {}
    }),

    StreamingPull: (stream: ServerDuplexStream<StreamingPullRequest, object>) =>
      streamingPull(stream, context),
  }
}

interface Named {
  readonly subscription: string
}

interface PullRequest extends Named {
  readonly returnImmediately: boolean
  readonly maxMessages: number
}

interface ModifyAckDeadlineRequest extends Named {
  readonly ackIds: readonly string[]
  readonly ackDeadlineSeconds: number
}

function administration(context: SubscriberContext): UntypedServiceImplementation {
  const { broker, registry, unary } = context
  const change = (name: string, asked: WireSubscription, paths: readonly string[]): WireSubscription => {
    const { wire } = registry.updateSubscription(
      updateSubscription(registry.subscription(name), asked, paths),
    )
    broker.subscriptionChanged(name)
    pushIfAsked(name, context)
    return wire
  }
  return {
    CreateSubscription: unary<WireSubscription, WireSubscription>('CreateSubscription', ({ request }) => {
      const { name, wire } = registry.createSubscription(parseSubscription(request))
      pushIfAsked(name, context)
      return wire
    }),

    GetSubscription: unary<Named, WireSubscription>(
      'GetSubscription',
      ({ request }) => registry.subscription(request.subscription).wire,
    ),

    ListSubscriptions: unary<{ project: string } & Page, object>('ListSubscriptions', ({ request }) => {
      const ofProject = ({ name }: Subscription) => name.startsWith(`${request.project}/`)
      const subscriptions = [...registry.subscriptions.values()].filter(ofProject)
      const { items, nextPageToken } = page(subscriptions, ({ name }) => name, request)
      return { subscriptions: items.map(({ wire }) => wire), nextPageToken }
    }),

    UpdateSubscription: unary<{ subscription: WireSubscription } & UpdateMask, WireSubscription>(
      'UpdateSubscription',
      ({ request: { subscription, updateMask } }) =>
        change(subscription.name, subscription, updateMask?.paths ?? []),
    ),

    ModifyPushConfig: unary<Named & { pushConfig: WirePushConfig | null }, object>(
      'ModifyPushConfig',
      ({ request: { subscription: name, pushConfig } }) => {
        change(name, { ...registry.subscription(name).wire, pushConfig }, ['push_config'])
        return {}
      },
    ),

    DeleteSubscription: unary<Named, object>('DeleteSubscription', ({ request }) => {
      registry.deleteSubscription(request.subscription)
      broker.subscriptionChanged(request.subscription)
      return {}
    }),
  }
}

async function answerPull(
  { request, fault, signal }: Unary<PullRequest>,
  { broker, registry }: SubscriberContext,
): Promise<object> {
  const subscription = registry.subscription(request.subscription)
  if (request.maxMessages < 1) throw invalidArgument('max_messages must be positive.')
  if (subscription.push) {
    throw failedPrecondition(`${subscription.name} pushes its messages; they cannot be pulled.`)
  }
  const waitMs = request.returnImmediately ? returnImmediatelyMs : pullWaitMs
  const deliveries = await pull({ broker, subscription, atMost: request.maxMessages, waitMs, signal })
  const delivered = deliveries.filter((delivery) => broker.disturb(delivery, fault))
  return { receivedMessages: delivered.map((delivery) => toReceivedMessage(delivery, subscription)) }
}
