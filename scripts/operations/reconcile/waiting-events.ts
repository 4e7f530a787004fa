import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs'
import { queueName } from '../../../functions/config/names.ts'
import type { DeployedSource } from '../../../functions/config/schema.ts'
import type { Target } from '../target.ts'

/** Says of each source how many events wait in its queue: what they announce was announced, and is not lost. */
export async function waitingEvents(
  { bridge, clients: { sqs } }: Target,
  sources: readonly DeployedSource[],
): Promise<string[]> {
  const lines = await Promise.all(
    sources.map(async (source) => {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName(bridge, source) }))
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
      )
      const count = AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0)
      const may = 'what is not_announced may be among them'
      return count === 0 ? [] : [`${source.name}: about ${count} events wait in its queue: ${may}`]
    }),
  )
  return lines.flat()
}
