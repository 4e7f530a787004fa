import { randomUUID } from 'node:crypto'
import { jobSettings } from '../../../cdktf/google/job-settings.ts'
import type { DeployedSource } from '../../../functions/config/schema.ts'
import { CommandError } from '../../commands/command-error.ts'
import { callerAccount } from '../../doctor/about.ts'
import type { Target } from '../target.ts'

/**
 * Copies objects of a source by one transfer job, which is deleted when it is done. What is there already is not copied
 * again. The list of keys stays in the landing bucket, as a record, until that lets go of its objects.
 * https://docs.cloud.google.com/storage-transfer/docs/manifest [2026-11]
 * @param path in the landing bucket. @throws CommandError when the job failed as a whole.
 */
export async function copyBatch(
  { bridge, clients }: Target,
  source: DeployedSource,
  { keys, path }: { readonly keys: readonly string[]; readonly path: string },
): Promise<void> {
  const { project: projectId, landingBucket } = bridge.google
  const id = randomUUID()
  const manifest = `backfill/${source.name}/${id}.csv`
  await clients.storage
    .bucket(landingBucket)
    .file(manifest)
    .save(keys.map(row).join(''), { resumable: false })
  const account = bridge.aws.account ?? (await callerAccount(clients))
  const { objectConditions: _, ...transferSpec } = jobSettings(bridge, source, account).transferSpec
  const [job] = await clients.transfer.createTransferJob({
    transferJob: {
      projectId,
      description: `Causeway: backfill of ${source.name} (${bridge.name})`,
      status: 'ENABLED',
      transferSpec: {
        ...transferSpec,
        gcsDataSink: { bucketName: landingBucket, path },
        transferManifest: { location: `gs://${landingBucket}/${manifest}` },
      },
    },
  })
  const jobName = job.name ?? ''
  try {
    const [operation] = await clients.transfer.runTransferJob({ projectId, jobName })
    await operation.promise()
  } catch (error) {
    throw new CommandError(
      `${jobName}, which copies ${keys.length} objects of ${source.name}, failed: ${String(error)}`,
      error,
    )
  } finally {
    await clients.transfer.deleteTransferJob({ projectId, jobName })
  }
}

/** A key as a value of CSV. */
function row(key: string): string {
  return /[",\r\n]/.test(key) ? `"${key.replaceAll('"', '""')}"\n` : `${key}\n`
}
