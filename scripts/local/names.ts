import type { Bridge, Source } from '../../functions/config/schema.ts'

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

export function bridgeNames({ google: { project } }: Pick<Bridge, 'google'>): BridgeNames {
  const topic = (name: string) => `projects/${project}/topics/${name}`
  const subscription = (name: string) => `projects/${project}/subscriptions/${name}`
  return {
    topic: topic('causeway-landed'),
    subscription: subscription('causeway-load'),
    deadLetterTopic: topic('causeway-dead-letters'),
    deadLetterRecord: subscription('causeway-dead-letters-record'),
    deadLetterKeep: subscription('causeway-dead-letters-keep'),
  }
}

/** The SQS queue of a source's upload events. */
export function queueName(source: Pick<Source, 'name'>): string {
  return `causeway-${source.name}`
}

/** The transfer job of a source. */
export function transferJobName(source: Pick<Source, 'name'>): string {
  return `transferJobs/causeway-${source.name}`
}
