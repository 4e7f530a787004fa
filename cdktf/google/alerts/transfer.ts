import type { StorageTransferJob } from '@cdktf/provider-google/lib/storage-transfer-job/index.js'
import { type Alert, logLine } from './alert.ts'

/** Stage transfer: objects that were announced and could not be copied. The jobs log nothing but failures. */
export function transferAlerts(jobs: readonly StorageTransferJob[]): Alert[] {
  // The service's own numbers, so that no other job's name contains one.
  const ids = jobs.map(({ fqn }) => `"\${trimprefix(${fqn}.name, "transferJobs/")}"`)
  return [
    {
      id: 'transfer-failed',
      title: 'Objects could not be copied from S3',
      todo: 'Open the transfer job and its log: is the role there, is the key of KMS usable, was the object replaced while it was read? What stays in the queue is copied when it works again.',
      severity: 'ERROR',
      condition: logLine(
        `resource.type = "storage_transfer_job" AND resource.labels.job_id : (${ids.join(' OR ')})`,
      ),
    },
  ]
}
