import type { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js'
import { StorageTransferJob } from '@cdktf/provider-google/lib/storage-transfer-job/index.js'
import type { ITerraformDependable } from 'cdktf'
import type { Construct } from 'constructs'
import { transferJobName } from '../../functions/config/names.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { landingName } from '../../functions/finalize/landing-name.ts'
import { queueArn, roleArn } from '../aws/names.ts'

/**
 * One long-lived job a source: it reads the queue itself and copies what is announced there.
 * @param ready permissions on the bucket, and what announces landed objects: a copy nobody hears of is not loaded.
 */
export function transferJob(
  scope: Construct,
  bridge: Bridge,
  source: DeployedSource,
  { account, landing, ready }: { account: string; landing: StorageBucket; ready: ITerraformDependable[] },
): StorageTransferJob {
  return new StorageTransferJob(scope, `${source.name}-transfer`, {
    name: transferJobName(bridge, source),
    project: bridge.google.project,
    description: `Causeway: ${source.name}`,
    status: 'ENABLED',
    eventStream: { name: queueArn(bridge, account, source) },
    transferSpec: {
      awsS3DataSource: { bucketName: source.bucket, roleArn: roleArn(bridge, account, source) },
      gcsDataSink: { bucketName: landing.name, path: landingName(source.bucket, '') },
      ...(source.prefix && { objectConditions: { includePrefixes: [source.prefix] } }),
      transferOptions: {
        overwriteWhen: 'DIFFERENT',
        // S3's LastModified: where an object's way begins.
        metadataOptions: { timeCreated: 'TIME_CREATED_PRESERVE_AS_CUSTOM_TIME' },
      },
    },
    loggingConfig: { logActions: ['FIND', 'COPY'], logActionStates: ['FAILED'] },
    dependsOn: ready,
  })
}
