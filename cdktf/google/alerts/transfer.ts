import type { Bridge } from '../../../functions/config/schema.ts'
import { type Alert, logLine } from './alert.ts'

/** Stage transfer: objects that were announced and could not be copied. The jobs log nothing but failures. */
export function transferAlerts({ name }: Bridge): Alert[] {
  return [
    {
      id: 'transfer-failed',
      title: 'Objects could not be copied from S3',
      todo: 'Open the transfer job and its log: is the role there, is the key of KMS usable, was the object replaced while it was read? What stays in the queue is copied when it works again.',
      severity: 'ERROR',
      condition: logLine(`resource.type = "storage_transfer_job" AND resource.labels.job_id : "${name}-"`),
    },
  ]
}
