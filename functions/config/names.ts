import { liveLane } from '../model/landing-name.ts'
import type { Bridge, Source } from './schema.ts'

/** The resources of the bridge, named once for everything that makes or uses them. */
export interface BridgeNames {
  readonly topic: string
  readonly subscription: string
  readonly deadLetterTopic: string
  /** The last delivery of a message that was given up on, to the function, which records why. */
  readonly deadLetterRecord: string
  /** Keeps messages that were given up on, for replay. */
  readonly deadLetterKeep: string
}

/** Of the bridge and, for its subscriptions, of one lane. */
export function bridgeNames(
  { name, google: { project } }: Pick<Bridge, 'name' | 'google'>,
  lane = liveLane,
): BridgeNames {
  const topic = (what: string) => `projects/${project}/topics/${name}-${what}`
  const subscription = (what: string) => `projects/${project}/subscriptions/${name}-${what}`
  return {
    topic: topic('landed'),
    subscription: subscription(inLane('load', lane)),
    deadLetterTopic: topic('dead-letters'),
    deadLetterRecord: subscription('dead-letters-record'),
    deadLetterKeep: subscription('dead-letters-keep'),
  }
}

/** The load function of a lane. */
export function functionName({ name }: Pick<Bridge, 'name'>, lane = liveLane): string {
  return `${name}-${inLane('load', lane)}`
}

function inLane(what: string, lane: string): string {
  return lane === liveLane ? what : `${what}-${lane}`
}

/** The SQS queue of a source's upload events. */
export function queueName({ name }: Pick<Bridge, 'name'>, source: Pick<Source, 'name'>): string {
  return `${name}-${source.name}`
}

/** Where events of a source go that nobody could work on. */
export function deadLetterQueueName(bridge: Pick<Bridge, 'name'>, source: Pick<Source, 'name'>): string {
  return `${queueName(bridge, source)}-dead-letters`
}

/** The id of a source's notification in the configuration of its bucket, where the stack makes it. */
export function notificationId(source: Pick<Source, 'name'>): string {
  return `causeway-${source.name}`
}

/** The AWS role the transfer service assumes to read a source: one a source. */
export function transferRoleName({ name }: Pick<Bridge, 'name'>, source: Pick<Source, 'name'>): string {
  return `${name}-${source.name}-transfer`
}

/** The service account that does one of the bridge's jobs in Google Cloud, by the part before its `@`. */
export function accountName({ name }: Pick<Bridge, 'name'>, job: 'load' | 'push' | 'build'): string {
  return `${name}-${job}`
}

/** The transfer job of a source on this machine. In the cloud the service names it. */
export function transferJobName({ name }: Pick<Bridge, 'name'>, source: Pick<Source, 'name'>): string {
  return `transferJobs/${name}-${source.name}`
}

/**
 * How Node runs the load function, in the cloud and here: rows live as long as their request, so a larger young
 * generation only holds more of them (about 40 MB at Node's default).
 */
export const functionNodeOptions = '--max-semi-space-size=4'
