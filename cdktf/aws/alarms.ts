import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js'
import type { Construct } from 'constructs'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import type { UploadQueue } from './queue.ts'

/** Events that nobody fetches, and events that were given up on. */
export function queueAlarms(
  scope: Construct,
  bridge: Bridge,
  source: DeployedSource,
  { queue, deadLetters }: UploadQueue,
  topics: string[],
): void {
  const common = {
    namespace: 'AWS/SQS',
    statistic: 'Maximum',
    comparisonOperator: 'GreaterThanThreshold',
    period: 60,
    evaluationPeriods: 5,
    // An idle queue reports nothing.
    treatMissingData: 'notBreaching',
    alarmActions: topics,
    okActions: topics,
  }
  new CloudwatchMetricAlarm(scope, `${source.name}-age-alarm`, {
    ...common,
    alarmName: `${bridge.name}-${source.name}-oldest-event`,
    alarmDescription: `Uploads of ${source.name} wait in SQS: is the transfer job enabled, does its role work?`,
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: { QueueName: queue.name },
    threshold: source.freshMinutes * 60,
  })
  new CloudwatchMetricAlarm(scope, `${source.name}-dead-letter-alarm`, {
    ...common,
    alarmName: `${bridge.name}-${source.name}-dead-letters`,
    alarmDescription: `Uploads of ${source.name} were given up on: redrive its dead-letter queue when repaired.`,
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: deadLetters.name },
    evaluationPeriods: 1,
    threshold: 0,
  })
}
