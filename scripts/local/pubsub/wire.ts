/**
 * The messages of google.pubsub.v1 as `grpc.ts` has them decoded: camel case, every field present with its
 * default, absent messages null, 64-bit numbers as strings. Only the fields this service reads.
 */

export interface Duration {
  readonly seconds: string
  readonly nanos: number
}

export interface WireMessage {
  readonly data: Buffer
  readonly attributes: Readonly<Record<string, string>>
  readonly orderingKey: string
}

export interface WireTopic {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

export interface WirePushConfig {
  readonly pushEndpoint: string
  readonly attributes: Readonly<Record<string, string>>
  readonly oidcToken?: { readonly serviceAccountEmail: string; readonly audience: string } | null
  readonly noWrapper?: object | null
}

export interface WireSubscription {
  readonly name: string
  readonly topic: string
  readonly pushConfig: WirePushConfig | null
  readonly ackDeadlineSeconds: number
  readonly retainAckedMessages: boolean
  readonly messageRetentionDuration: Duration | null
  readonly labels: Readonly<Record<string, string>>
  readonly expirationPolicy: { readonly ttl: Duration | null } | null
  readonly filter: string
  readonly deadLetterPolicy: { readonly deadLetterTopic: string; readonly maxDeliveryAttempts: number } | null
  readonly retryPolicy: {
    readonly minimumBackoff: Duration | null
    readonly maximumBackoff: Duration | null
  } | null
  readonly enableMessageOrdering: boolean
  readonly enableExactlyOnceDelivery: boolean
  readonly bigqueryConfig: object | null
  readonly cloudStorageConfig: object | null
  readonly bigtableConfig: object | null
  readonly messageTransforms: readonly object[]
}

export interface Page {
  readonly pageSize: number
  readonly pageToken: string
}

export interface UpdateMask {
  readonly updateMask: { readonly paths: readonly string[] } | null
}

export interface StreamingPullRequest {
  readonly subscription: string
  readonly ackIds: readonly string[]
  readonly modifyDeadlineSeconds: readonly number[]
  readonly modifyDeadlineAckIds: readonly string[]
  readonly streamAckDeadlineSeconds: number
  readonly maxOutstandingMessages: string
}

export interface ReceivedMessage {
  readonly ackId: string
  readonly deliveryAttempt: number
  readonly message: WireMessage & { readonly messageId: string; readonly publishTime: Duration }
}

export const milliseconds = (duration: Duration): number =>
  Number(duration.seconds) * 1000 + duration.nanos / 1_000_000

export const toDuration = (ms: number): Duration => ({
  seconds: String(Math.floor(ms / 1000)),
  nanos: (ms % 1000) * 1_000_000,
})
