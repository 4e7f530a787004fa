/** What is left to do by hand in AWS, in words for whoever has just deployed. */
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { writersOf } from './log-writers.ts'
import { queueArn } from './names.ts'
import { senderService } from './sender.ts'

/** Why nothing announces the uploads of some sources yet, and what to choose from. */
export function unannounced(bridge: Bridge, account: string): string[] {
  return bridge.sources.filter(isUnannounced).map((source) => {
    const { name, bucket, prefix, suffix } = source
    const filter = `prefix "${prefix}"${suffix && `, suffix "${suffix}"`}`
    return [
      `sources.${name}: bucket ${bucket} exists, and its notifications are left alone: S3 keeps one configuration a`,
      'bucket, and writing it would silently replace whatever other consumers have there. Choose:',
      `  add one by hand: all object create events, ${filter}, to ${queueArn(bridge, account, source)}`,
      "  notification: 'eventbridge'     when the bucket sends its events to EventBridge",
      "  notification: { sns: '<ARN>' }  when it publishes to a topic, which then feeds everyone",
      '  notification: { adopt: {...} }  to hand the configuration over to Terraform, listing what must stay',
    ].join('\n')
  })
}

function isUnannounced({ makeBucket, notification }: DeployedSource): boolean {
  return !makeBucket && (notification === undefined || notification === 'manual')
}

export function nextSteps(bridge: Bridge, account: string): string[] {
  const { watch, sources, google } = bridge
  return [
    ...unannounced(bridge, account),
    ...sources
      .filter(({ notification }) => notification === 'eventbridge')
      .map(
        ({ bucket }) =>
          `Bucket ${bucket}: see that it sends its events to EventBridge (Properties, Amazon EventBridge).`,
      ),
    ...keySteps(bridge, account),
    ...(watch.emails.length > 0 ? [`Confirm the subscription mails to ${watch.emails.join(', ')}.`] : []),
    `Then deploy ${bridge.name}-google (project ${google.project}).`,
  ]
}

/** Who must be in the policies of keys that these stacks do not own. */
function keySteps({ aws, sources }: Bridge, account: string): string[] {
  const users = new Map<string, Set<string>>()
  const use = (key: string | undefined, services: readonly string[]) => {
    if (key) users.set(key, new Set([...(users.get(key) ?? []), ...services]))
  }
  for (const source of sources) {
    use(aws.queueKey, [senderService(source)])
    use(source.bucketKey, source.makeBucket ? writersOf(source) : [])
  }
  return [...users].flatMap(([key, services]) => [
    ...Array.from(
      services,
      (service) => `Key ${key}: its policy must let ${service} use kms:GenerateDataKey and kms:Decrypt.`,
    ),
    `Key ${key}: its policy must leave access to IAM of account ${account}, for the roles made here.`,
  ])
}
