import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy/index.js'
import { MonitoringNotificationChannel } from '@cdktf/provider-google/lib/monitoring-notification-channel/index.js'
import type { StorageTransferJob } from '@cdktf/provider-google/lib/storage-transfer-job/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import type { Bridge } from '../../../functions/config/schema.ts'
import { labelsOf } from '../../labels.ts'
import { sourceMetrics } from '../source-metrics.ts'
import type { Alert } from './alert.ts'
import { deliveryAlerts } from './delivery.ts'
import { functionAlerts } from './function.ts'
import { projectAlerts } from './project.ts'
import { sourceAlerts } from './source.ts'
import { transferAlerts } from './transfer.ts'

/** All alerts, in the order of the flow. Those of stage event are in AWS: SQS is there. */
export function alerts(
  scope: Construct,
  bridge: Bridge,
  jobs: readonly StorageTransferJob[],
  ready: ITerraformDependable[],
): void {
  const notificationChannels = channels(scope, bridge, ready)
  const metrics = sourceMetrics(scope, bridge, ready)
  const stages = [deliveryAlerts, functionAlerts, sourceAlerts, projectAlerts]
  for (const alert of [...transferAlerts(jobs), ...stages.flatMap((stage) => stage(bridge))]) {
    policy(scope, bridge, alert, notificationChannels, [...ready, ...metrics])
  }
}

function policy(
  scope: Construct,
  bridge: Bridge,
  { id, title, todo, severity, condition }: Alert,
  notificationChannels: string[],
  dependsOn: ITerraformDependable[],
): void {
  new MonitoringAlertPolicy(scope, `alert-${id}`, {
    project: bridge.google.project,
    displayName: `${bridge.name}: ${title}`,
    combiner: 'OR',
    severity,
    conditions: [{ displayName: title, ...condition }],
    documentation: { content: todo, mimeType: 'text/markdown' },
    notificationChannels,
    userLabels: labelsOf(bridge),
    alertStrategy: {
      autoClose: '86400s',
      // Log lines may come by the thousand, and only they take a limit.
      ...(condition.conditionMatchedLog && { notificationRateLimit: { period: '3600s' } }),
    },
    dependsOn,
  })
}

/** Those of the configuration, and one for each of its addresses. */
function channels(
  scope: Construct,
  { google: { project }, watch }: Bridge,
  dependsOn: ITerraformDependable[],
): string[] {
  const made = watch.emails.map(
    (address, index) =>
      new MonitoringNotificationChannel(scope, `email-${index}`, {
        project,
        type: 'email',
        displayName: `Causeway: ${address}`,
        labels: { email_address: address },
        dependsOn,
      }).name,
  )
  return [...watch.channels, ...made]
}
