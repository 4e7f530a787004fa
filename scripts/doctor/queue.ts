import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { deadLetterQueueArn, queueArn } from '../../cdktf/aws/names.ts'
import { type QueueAttributes, queueAttributes, senderOf } from '../../cdktf/aws/queue-attributes.ts'
import { deadLetterQueueName, queueName } from '../../functions/config/names.ts'
import type { DeployedSource } from '../../functions/config/schema.ts'
import { formatDuration } from '../terminal/duration.ts'
import { type About, once } from './about.ts'
import { type Check, type Finding, fail, finding, type Problem, pass, warn } from './check.ts'
import { judgeQueuePolicy } from './queue-policy.ts'

/** The queue of a source's upload events, and that of the events nobody could work on. */
export function queueChecks(about: About, source: DeployedSource, caller: Check): Check[] {
  const { bridge, clients, account, deploy } = about
  const fix = deploy('aws')
  const name = queueName(bridge, source)
  const attributes = once(() => attributesOf(clients.sqs, name))
  const asks = `sqs:GetQueueUrl and sqs:GetQueueAttributes on ${name}`
  const shared = { group: 'event', source: source.name, asks, make: fix } as const
  const queue: Check = {
    ...shared,
    what: `queue ${name}`,
    after: caller,
    run: async () => {
      const wanted = queueAttributes(bridge, source, await account()).queue
      return finding(judgeQueue(await attributes(), wanted, fix), 'hides, keeps and sets aside as deployed')
    },
  }
  const policy: Check = {
    ...shared,
    what: 'queue policy',
    after: queue,
    run: async () => {
      const Resource = queueArn(bridge, await account(), source)
      const sender = { ...senderOf(bridge, source, await account()), Resource }
      const problems = judgeQueuePolicy((await attributes())['Policy'], sender, fix)
      return finding(problems, 'what announces the uploads may send, and nobody else')
    },
  }
  const waiting: Check = {
    ...shared,
    what: 'events waiting',
    after: queue,
    run: async () => judgeWaiting(await attributes()),
  }
  return [queue, policy, waiting, deadLetterCheck(about, source, shared, caller)]
}

function judgeWaiting(attributes: QueueAttributes): Finding {
  const { ApproximateNumberOfMessages: waiting = '0', ApproximateNumberOfMessagesNotVisible: taken = '0' } =
    attributes
  if (waiting === '0') return pass(taken === '0' ? 'none' : `none; ${taken} being copied`)
  const fix = 'some are normal for moments; if they stay, mend what fails under transfer'
  return warn(`${waiting} wait to be fetched`, fix)
}

function deadLetterCheck(
  { bridge, clients, account }: About,
  source: DeployedSource,
  shared: Pick<Check, 'group' | 'source' | 'asks' | 'make'>,
  after: Check,
): Check {
  const name = deadLetterQueueName(bridge, source)
  return {
    ...shared,
    asks: `sqs:GetQueueUrl and sqs:GetQueueAttributes on ${name}`,
    after,
    what: 'events given up on',
    run: async () => {
      const { ApproximateNumberOfMessages: count = '0' } = await attributesOf(clients.sqs, name)
      if (count === '0') return pass('none')
      const arn = deadLetterQueueArn(bridge, await account(), source)
      const move = `aws sqs start-message-move-task --source-arn ${arn} --region ${bridge.aws.region}`
      return warn(`${count} in ${name}`, `mend what fails here, then: ${move}`)
    },
  }
}

async function attributesOf(sqs: SQSClient, name: string): Promise<QueueAttributes> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }))
  const all = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })
  return (await sqs.send(all)).Attributes ?? {}
}

/** Longer is as good; shorter loses events earlier than planned. */
export function judgeQueue(actual: QueueAttributes, wanted: QueueAttributes, fix: string): Problem[] {
  const times = { VisibilityTimeout: 'hides an event for', MessageRetentionPeriod: 'keeps an event for' }
  const short = Object.entries(times).filter(([name]) => Number(actual[name]) < Number(wanted[name]))
  const span = (seconds: string | undefined) => formatDuration(Number(seconds) * 1000)
  return [
    ...short.map(([name, does]) => warn(`it ${does} ${span(actual[name])}, not ${span(wanted[name])}`, fix)),
    ...judgeRedrive(actual['RedrivePolicy'], wanted['RedrivePolicy'], fix),
  ]
}

interface Redrive {
  readonly deadLetterTargetArn?: string
  readonly maxReceiveCount?: number | string
}

function judgeRedrive(actual: string | undefined, wanted = '{}', fix: string): Problem[] {
  if (!actual)
    return [fail('it sets nothing aside: one event that cannot be worked on comes back for days', fix)]
  const has: Redrive = JSON.parse(actual)
  const should: Redrive = JSON.parse(wanted)
  if (has.deadLetterTargetArn !== should.deadLetterTargetArn)
    return [fail(`it sets aside in ${has.deadLetterTargetArn}, not ${should.deadLetterTargetArn}`, fix)]
  if (Number(has.maxReceiveCount) >= Number(should.maxReceiveCount)) return []
  return [warn(`it sets aside after ${has.maxReceiveCount} receives, not ${should.maxReceiveCount}`, fix)]
}
