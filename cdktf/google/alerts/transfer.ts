import type { StorageTransferJob } from '@cdktf/provider-google/lib/storage-transfer-job/index.js'
import { type Alert, logLine } from './alert.ts'

/** Stage transfer: objects that were announced and could not be copied. What was copied is logged too, as INFO: https://docs.cloud.google.com/storage-transfer/docs/reference/rest/v1/LoggingConfig [2026-11] */
export function transferAlerts(jobs: readonly StorageTransferJob[]): Alert[] {
  return [
    {
      id: 'transfer-failed',
      title: 'Objects could not be copied from S3',
      todo: 'Open the transfer job and its log: is the role there, is the key of KMS usable, was the object replaced while it was read? What stays in the queue is copied when it works again.',
      severity: 'ERROR',
      condition: logLine(
        `resource.type = "storage_transfer_job" AND severity = ERROR AND resource.labels.job_id =~ "${pattern(jobs)}"`,
      ),
    },
  ]
}

/** Of these jobs and no others: another environment's may be in the same project. */
function pattern(jobs: readonly StorageTransferJob[]): string {
  const ids = jobs.map(({ fqn }) => `\${trimprefix(${fqn}.name, "transferJobs/")}`)
  // Whether the label has the whole name or its last part is not documented.
  return `^(transferJobs/)?(${ids.join('|')})$`
}
