import { transferJobName } from '../../../functions/config/names.ts'
import type { Bridge } from '../../../functions/config/schema.ts'
import { type Alert, logLine } from './alert.ts'

/** Stage transfer: objects that were announced and could not be copied. The jobs log nothing but failures. */
export function transferAlerts(bridge: Bridge): Alert[] {
  return [
    {
      id: 'transfer-failed',
      title: 'Objects could not be copied from S3',
      todo: 'Open the transfer job and its log: is the role there, is the key of KMS usable, was the object replaced while it was read? What stays in the queue is copied when it works again.',
      severity: 'ERROR',
      condition: logLine(
        `resource.type = "storage_transfer_job" AND resource.labels.job_id =~ "${jobs(bridge)}"`,
      ),
    },
  ]
}

/** A pattern of the bridge's jobs and no others: another environment's may be in the same project. */
function jobs(bridge: Bridge): string {
  const ids = bridge.sources.map((source) => transferJobName(bridge, source).replace(/^transferJobs\//, ''))
  // Whether the label has the whole name or its last part is not documented.
  return `^(transferJobs/)?(${ids.join('|')})$`
}
