import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { deadLetterQueueArn, queueArn } from '../../cdktf/aws/names.ts'
import { type QueueAttributes, queueAttributes, senderOf } from '../../cdktf/aws/queue-attributes.ts'
import { deadLetterQueueName, queueName } from '../../functions/config/names.ts'
import type { DeployedSource } from '../../functions/config/schema.ts'
import { formatDuration } from '../terminal/duration.ts'
import { type About, once } from './about.ts'
import { type Check, fail, finding, type Problem, pass, warn } from './check.ts'
import { judgeQueuePolicy } from './queue-policy.ts'

/** The queue of a source's upload events, and that of the events nobody could work on. */
export function queueChecks(about: About, source: DeployedSource, caller: Check): Check[] {
  const { bridge, clients, account, deploy } = about
  const fix = deploy('aws')
  const name = queueName(bridge, source)
  const attributes = once(() => attributesOf(clients.sqs, name))
  const deadLetters = once(() => attributesOf(clients.sqs, deadLetterQueueName(bridge, source)))
  const wanted = async () => queueAttributes(bridge, source, await account())
  const asks = `sqs:GetQueueUrl and sqs:GetQueueAttributes on ${name}`
  const about1 = { group: 'event', source: source.name, asks, make: fix } as const
  const queue: Check = {
    ...{ ...about1, what: `queue ${name}`, after: caller },
    run: async () =>
      finding(
        judgeQueue(await attributes(), (await wanted()).queue, fix),
        'hides, keeps and sets aside as deployed',
      ),
  }
  const policy: Check = {
    ...{ ...about1, what: 'queue policy', after: queue },
    run: async () => {
      const arn = queueArn(bridge, await account(), source)
      const sender = { ...senderOf(bridge, source, await account()), Resource: arn }
      const who = source.bucket
      return finding(judgeQueuePolicy((await attributes())['Policy'], sender, fix), `only ${who} may send`)
    },
  }
  const waiting: Check = {
    ...{ ...about1, what: 'events waiting', after: queue },
    run: async () => {
      const { ApproximateNumberOfMessages: count = '0', ApproximateNumberOfMessagesNotVisible: taken = '0' } =
        await attributes()
      if (count === '0') return pass(taken === '0' ? 'none' : `none; ${taken} being copied`)
      return warn(
        `${count} wait to be fetched`,
        'some are normal for moments; if they stay, mend what fails under transfer',
      )
    },
  }
  const deadLetterQueue: Check = {
    ...{ ...about1, what: 'events given up on', after: caller },
    run: async () => {
      const { ApproximateNumberOfMessages: count = '0' } = await deadLetters()
      if (count === '0') return pass('none')
      const arn = deadLetterQueueArn(bridge, await account(), source)
      return warn(
        `${count} in ${deadLetterQueueName(bridge, source)}`,
        `mend what fails here, then: aws sqs start-message-move-task --source-arn ${arn} --region ${bridge.aws.region}`,
      )
    },
  }
  return [queue, policy, waiting, deadLetterQueue]
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

function judgeRedrive(actual: string | undefined, wanted = '{}', fix: string): Problem[] {
  if (!actual)
    return [fail('it sets nothing aside: one event that cannot be worked on comes back for days', fix)]
  const [has, should]: { deadLetterTargetArn: string; maxReceiveCount: number | string }[] = [
    actual,
    wanted,
  ].map((text) => JSON.parse(text))
  if (has?.deadLetterTargetArn !== should?.deadLetterTargetArn)
    return [
      fail(`it sets events aside in ${has?.deadLetterTargetArn}, not ${should?.deadLetterTargetArn}`, fix),
    ]
  return Number(has?.maxReceiveCount) < Number(should?.maxReceiveCount)
    ? [
        warn(
          `it sets an event aside after ${has?.maxReceiveCount} receives, not ${should?.maxReceiveCount}`,
          fix,
        ),
      ]
    : []
}
