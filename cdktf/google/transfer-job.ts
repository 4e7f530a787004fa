import type { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js'
import { StorageTransferJob } from '@cdktf/provider-google/lib/storage-transfer-job/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { jobSettings } from './job-settings.ts'

/**
 * The service names the job. A deleted job keeps its name for ever: with names of ours, a bridge that is deployed again
 * after it was destroyed, a source that is put back, or a job that is replaced could not have theirs.
 * @param ready permissions on the bucket, and what announces landed objects: a copy nobody hears of is not loaded.
 */
export function transferJob(
  scope: Construct,
  bridge: Bridge,
  source: DeployedSource,
  { account, landing, ready }: { account: string; landing: StorageBucket; ready: ITerraformDependable[] },
): StorageTransferJob {
  const { transferSpec, name: _, ...job } = jobSettings(bridge, source, account, landing.name)
  const { objectConditions } = transferSpec
  return new StorageTransferJob(scope, `${source.name}-transfer`, {
    ...job,
    project: bridge.google.project,
    transferSpec: {
      ...transferSpec,
      ...(objectConditions && {
        objectConditions: { includePrefixes: [...objectConditions.includePrefixes] },
      }),
    },
    // By what was copied, `reconcile` tells a copy that was lost from an upload that nobody announced.
    loggingConfig: { logActions: ['FIND', 'COPY'], logActionStates: ['SUCCEEDED', 'FAILED'] },
    dependsOn: ready,
  })
}
