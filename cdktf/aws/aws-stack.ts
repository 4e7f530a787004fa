import { Annotations, TerraformOutput, TerraformStack } from 'cdktf'
import type { Construct } from 'constructs'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { awsAccount } from '../account.ts'
import { keepState } from '../state.ts'
import { transferSubjectId } from '../subject-id.ts'
import { alarmTopics } from './alarm-topic.ts'
import { queueAlarms } from './alarms.ts'
import { logBucket } from './bucket.ts'
import { sendUploads, subscribeToTopic, uploadRule } from './fan-out.ts'
import { nextSteps, unannounced } from './next-steps.ts'
import { bucketNotification } from './notification.ts'
import { awsProvider } from './provider.ts'
import { type UploadQueue, uploadQueue } from './queue.ts'
import { transferRole } from './role.ts'
import { sender } from './sender.ts'

/** Everything in AWS: what announces uploads, and what lets Google read them. */
export class AwsStack extends TerraformStack {
  readonly #bridge: Bridge
  readonly #account: string

  constructor(scope: Construct, id: string, bridge: Bridge) {
    super(scope, id)
    this.#bridge = bridge
    keepState(this, id, bridge)
    awsProvider(this, bridge)
    this.#account = awsAccount(this, bridge)
    const subjectId = transferSubjectId(this, bridge)
    const topics = alarmTopics(this, bridge, this.#account)
    const queues = new Map<DeployedSource, UploadQueue>()
    for (const source of bridge.sources) {
      const made = this.#announcedQueue(source)
      queues.set(source, made)
      const role = transferRole(this, bridge, source, { subjectId, queueArn: made.queue.arn })
      queueAlarms(this, bridge, source, made, topics)
      new TerraformOutput(this, `${source.name}_queue_arn`, { value: made.queue.arn })
      new TerraformOutput(this, `${source.name}_role_arn`, { value: role.arn })
    }
    for (const [bucket, sources] of byBucket(bridge.sources)) this.#bucket(bucket, sources, queues)
    this.#tell()
  }

  /** The queue, and what fills it when that is not the bucket itself. */
  #announcedQueue(source: DeployedSource): UploadQueue {
    const { notification } = source
    const rule = notification === 'eventbridge' ? uploadRule(this, this.#bridge, source) : undefined
    const from = sender(this.#bridge, source, this.#account, rule?.arn)
    const made = uploadQueue(this, this.#bridge, source, { sender: from, ...(rule && { failed: from }) })
    const queueArn = made.queue.arn
    if (rule) sendUploads(this, this.#bridge, source, { rule, queueArn, deadLetterArn: made.deadLetters.arn })
    if (typeof notification === 'object' && 'sns' in notification)
      subscribeToTopic(this, source, notification.sns, queueArn, [made.policy])
    return made
  }

  #bucket(
    name: string,
    sources: readonly [DeployedSource, ...DeployedSource[]],
    queues: ReadonlyMap<DeployedSource, UploadQueue>,
  ): void {
    const [{ makeBucket, notification }] = sources
    const adopted =
      typeof notification === 'object' && 'adopt' in notification ? notification.adopt : undefined
    const bucket = makeBucket ? logBucket(this, this.#bridge, sources, this.#account) : undefined
    if (!bucket && !adopted) return
    const made = sources.map((source) => ({ source, queue: queues.get(source) }))
    const announced = made.flatMap(({ source, queue }) =>
      queue ? [{ source, queueArn: queue.queue.arn }] : [],
    )
    const ready = made.flatMap(({ queue }) => (queue ? [queue.policy] : []))
    bucketNotification(this, name, announced, bucket ? [bucket, ...ready] : ready, adopted)
  }

  #tell(): void {
    // A warning is written before Terraform runs: an account it has to ask for is not known yet.
    const account = this.#bridge.aws.account ?? '<account>'
    for (const text of unannounced(this.#bridge, account)) Annotations.of(this).addWarning(text)
    new TerraformOutput(this, 'account', {
      value: this.#account,
      description: 'aws.account of the configuration, to plan the Google stack without AWS credentials',
    })
    new TerraformOutput(this, 'next_steps', { value: nextSteps(this.#bridge, this.#account).join('\n') })
  }
}

function byBucket(
  sources: readonly DeployedSource[],
): ReadonlyMap<string, readonly [DeployedSource, ...DeployedSource[]]> {
  const buckets = new Map<string, [DeployedSource, ...DeployedSource[]]>()
  for (const source of sources) {
    const there = buckets.get(source.bucket)
    if (there) there.push(source)
    else buckets.set(source.bucket, [source])
  }
  return buckets
}
