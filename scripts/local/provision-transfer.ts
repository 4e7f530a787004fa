import type { StorageTransferServiceClient } from '@google-cloud/storage-transfer'
import { jobSettings } from '../../cdktf/google/job-settings.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { localAccount } from './provision-aws.ts'
import { unlessThere } from './unless-there.ts'

/** Makes the job of each source. One that is there stays, and from now on copies to where its source's lane is. */
export async function provisionJobs(bridge: Bridge, client: StorageTransferServiceClient): Promise<void> {
  for (const source of bridge.sources) {
    const transferJob = jobOf(bridge, source)
    await unlessThere(client.createTransferJob({ transferJob }))
    await moveJob(client, transferJob)
  }
}

function jobOf(bridge: Bridge, source: DeployedSource) {
  const { transferSpec, ...job } = jobSettings(bridge, source, localAccount(bridge))
  const { objectConditions } = transferSpec
  return {
    ...job,
    projectId: bridge.google.project,
    transferSpec: {
      ...transferSpec,
      objectConditions: objectConditions ? { includePrefixes: [...objectConditions.includePrefixes] } : null,
    },
  }
}

/** In place, as the infrastructure would: the queue, and what waits in it, stay as they are. */
async function moveJob(
  client: StorageTransferServiceClient,
  { projectId, name: jobName, transferSpec }: ReturnType<typeof jobOf>,
): Promise<void> {
  const [job] = await client.getTransferJob({ projectId, jobName })
  if (job.transferSpec?.gcsDataSink?.path === transferSpec.gcsDataSink.path) return
  const updateTransferJobFieldMask = { paths: ['transfer_spec'] }
  await client.updateTransferJob({
    projectId,
    jobName,
    updateTransferJobFieldMask,
    transferJob: { transferSpec },
  })
}
