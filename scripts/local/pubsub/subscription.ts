import { type Filter, parseFilter } from './filter.ts'
import { requireName } from './names.ts'
import { invalidArgument, notModelled } from './status.ts'
import { type Duration, milliseconds, toDuration, type WireSubscription } from './wire.ts'

/** A valid subscription: the message a client reads back, and what the broker needs of it in its own units. */
export interface Subscription {
  readonly name: string
  readonly wire: WireSubscription
  readonly accepts: Filter
  readonly ackDeadlineMs: number
  readonly retentionMs: number
  readonly retry: RetryPolicy
  readonly deadLetter: { readonly topic: string; readonly maxAttempts: number } | undefined
  /** Absent on a subscription that is pulled. */
  readonly push: NonNullable<WireSubscription['pushConfig']> | undefined
}

export interface RetryPolicy {
  readonly minimumMs: number
  readonly maximumMs: number
}

const minute = 60_000
const day = 24 * 60 * minute

/** The real service redelivers at once where there is no policy; a short pause keeps a laptop usable. */
const withoutPolicy: RetryPolicy = { minimumMs: 100, maximumMs: 100 }

/** Limits and defaults are those written on Subscription in google/pubsub/v1/pubsub.proto, November 2026. */
export function parseSubscription(asked: WireSubscription): Subscription {
  refuseUnmodelled(asked)
  const push = asked.pushConfig?.pushEndpoint ? asked.pushConfig : undefined
  if (push && !/^https?:$/.test(URL.parse(push.pushEndpoint)?.protocol ?? '')) {
    throw invalidArgument(`Invalid push endpoint: ${push.pushEndpoint}. Give an http or https URL.`)
  }
  const ackSeconds = within('ack_deadline_seconds', asked.ackDeadlineSeconds || 10, 10, 600)
  const retentionMs = asked.messageRetentionDuration ? milliseconds(asked.messageRetentionDuration) : 7 * day
  const deadLetter = parseDeadLetter(asked.deadLetterPolicy)
  return {
    name: requireName('subscriptions', asked.name),
    wire: {
      ...asked,
      pushConfig: push ?? null,
      ackDeadlineSeconds: ackSeconds,
      messageRetentionDuration: toDuration(retentionMs),
      deadLetterPolicy: deadLetter
        ? { deadLetterTopic: deadLetter.topic, maxDeliveryAttempts: deadLetter.maxAttempts }
        : null,
    },
    accepts: parseFilter(asked.filter),
    ackDeadlineMs: ackSeconds * 1000,
    retentionMs: within('message_retention_duration (ms)', retentionMs, 10 * minute, 31 * day),
    retry: parseRetry(asked.retryPolicy),
    deadLetter,
    push,
  }
}

const updatable: Readonly<Record<string, keyof WireSubscription>> = {
  push_config: 'pushConfig',
  ack_deadline_seconds: 'ackDeadlineSeconds',
  retain_acked_messages: 'retainAckedMessages',
  message_retention_duration: 'messageRetentionDuration',
  labels: 'labels',
  expiration_policy: 'expirationPolicy',
  dead_letter_policy: 'deadLetterPolicy',
  retry_policy: 'retryPolicy',
  enable_exactly_once_delivery: 'enableExactlyOnceDelivery',
}

/** The subscription with the named fields replaced. The filter, topic and ordering cannot change. */
export function updateSubscription(
  current: Subscription,
  asked: WireSubscription,
  paths: readonly string[],
): Subscription {
  if (paths.length === 0) throw invalidArgument('The update_mask must name at least one field.')
  const changes = paths.map((path) => {
    const field = updatable[path]
    if (!field) {
      const known = Object.keys(updatable).join(', ')
      throw invalidArgument(`The update_mask names "${path}", which cannot be changed. Known: ${known}.`)
    }
    return [field, asked[field]] as const
  })
  return parseSubscription({ ...current.wire, ...Object.fromEntries(changes) })
}

/** Milliseconds before a message that was delivered `attempts` times in vain is delivered again. */
export function redeliveryDelay(policy: RetryPolicy, attempts: number): number {
  return Math.min(policy.maximumMs, policy.minimumMs * 2 ** Math.max(0, attempts - 1))
}

function parseRetry(policy: WireSubscription['retryPolicy']): RetryPolicy {
  if (!policy) return withoutPolicy
  const backoff = (field: string, given: Duration | null, byDefault: number) =>
    within(`retry_policy.${field} (ms)`, given ? milliseconds(given) : byDefault, 0, 10 * minute)
  const minimumMs = backoff('minimum_backoff', policy.minimumBackoff, 10_000)
  const maximumMs = backoff('maximum_backoff', policy.maximumBackoff, 10 * minute)
  if (minimumMs > maximumMs) throw invalidArgument('retry_policy.minimum_backoff exceeds maximum_backoff.')
  return { minimumMs, maximumMs }
}

function parseDeadLetter(policy: WireSubscription['deadLetterPolicy']): Subscription['deadLetter'] {
  if (!policy) return undefined
  return {
    topic: requireName('topics', policy.deadLetterTopic),
    maxAttempts: within('max_delivery_attempts', policy.maxDeliveryAttempts || 5, 5, 100),
  }
}

/** What would be kept only in part is refused, so that nothing passes here that the real service would do otherwise. */
function refuseUnmodelled(asked: WireSubscription): void {
  if (asked.enableMessageOrdering) throw notModelled('message ordering')
  if (asked.enableExactlyOnceDelivery) throw notModelled('exactly-once delivery')
  if (asked.pushConfig?.noWrapper) throw notModelled('unwrapped push')
  if (asked.messageTransforms.length > 0) throw notModelled('message transforms')
  if (asked.bigqueryConfig || asked.cloudStorageConfig || asked.bigtableConfig) {
    throw notModelled('export subscriptions')
  }
}

function within(field: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value
  throw invalidArgument(`Invalid ${field}: ${value}. It must be from ${least} to ${most}.`)
}
