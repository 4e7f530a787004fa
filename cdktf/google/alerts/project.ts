import { functionName } from '../../../functions/config/names.ts'
import type { Bridge } from '../../../functions/config/schema.ts'
import { lanesOf } from '../lanes.ts'
import { type Alert, logLine } from './alert.ts'

/** What somebody changed around the bridge: a permission, or a service that bills by itself. */
export function projectAlerts(bridge: Bridge): Alert[] {
  const functions = lanesOf(bridge).map(({ name }) => `"${functionName(bridge, name)}"`)
  const ours = `resource.type = "cloud_run_revision" AND resource.labels.service_name = (${functions.join(' OR ')})`
  return [
    {
      id: 'permission-denied',
      title: 'The function is refused by a service',
      todo: 'The log line names the call. Deploy again: it puts the permissions of the stack back.',
      severity: 'ERROR',
      condition: logLine(`${ours} AND jsonPayload.reason = "permission_denied"`),
    },
    {
      id: 'lineage-enabled',
      title: 'Data Lineage was switched on',
      todo: `It bills by itself. If nobody needs it: gcloud services disable datalineage.googleapis.com --project ${bridge.google.project}`,
      severity: 'WARNING',
      condition: logLine(
        'log_id("cloudaudit.googleapis.com/activity") AND protoPayload.serviceName = "serviceusage.googleapis.com" AND protoPayload.methodName =~ "EnableServices?$" AND "datalineage.googleapis.com"',
      ),
    },
  ]
}
