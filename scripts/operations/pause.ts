import type { protos } from '@google-cloud/storage-transfer'
import { queueArn } from '../../cdktf/aws/names.ts'
import type { DeployedSource } from '../../functions/config/schema.ts'
import { CommandError } from '../commands/command-error.ts'
import { callerAccount } from '../doctor/about.ts'
import type { Plan } from './operate.ts'
import type { Target } from './target.ts'

type Status = 'ENABLED' | 'DISABLED'

/**
 * Stops the transfer of a source, or starts it again: uploads wait in the queue, and what landed is loaded. A deployment
 * starts it again too.
 */
export async function planStatus(target: Target, source: DeployedSource, wanted: Status): Promise<Plan> {
  const { bridge, clients } = target
  const projectId = bridge.google.project
  const job = await jobOf(target, source)
  const what = wanted === 'DISABLED' ? 'transfer jobs to pause' : 'transfer jobs to resume'
  const todo = job.status === wanted ? 0 : 1
  return {
    figures: { [what]: todo },
    todo,
    run: async () => {
      await clients.transfer.updateTransferJob({
        projectId,
        jobName: job.name ?? '',
        transferJob: { status: wanted },
        updateTransferJobFieldMask: { paths: ['status'] },
      })
      return { figures: { [wanted === 'DISABLED' ? 'paused' : 'resumed']: 1 }, left: [] }
    },
  }
}

/** The job that reads the source's queue: in the cloud the service names it. */
async function jobOf(
  { bridge, clients }: Target,
  source: DeployedSource,
): Promise<protos.google.storagetransfer.v1.ITransferJob> {
  const queue = queueArn(bridge, bridge.aws.account ?? (await callerAccount(clients)), source)
  const filter = JSON.stringify({
    projectId: bridge.google.project,
    jobStatuses: ['ENABLED', 'DISABLED'],
  })
  const [jobs] = await clients.transfer.listTransferJobs({ filter })
  const [job, another] = jobs.filter(({ eventStream }) => eventStream?.name === queue)
  if (job && !another) return job
  throw new CommandError(
    job
      ? `several transfer jobs read ${queue}: see npm run causeway -- doctor`
      : `no transfer job reads ${queue}: deploy the bridge, or see npm run causeway -- doctor`,
  )
}
