import { transferJobName } from '../../functions/config/names.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { landingName } from '../../functions/finalize/landing-name.ts'
import { queueArn, roleArn } from '../aws/names.ts'

/**
 * One long-lived job a source: it reads the queue itself and copies what is announced there. As the API takes it.
 * Another lane is another path, which is changed in place; an operation that is running goes on to the old one:
 * https://docs.cloud.google.com/storage-transfer/docs/reference/rest/v1/transferJobs/patch [2026-11].
 */
export function jobSettings(
  bridge: Bridge,
  source: DeployedSource,
  account: string,
  landingBucket = bridge.google.landingBucket,
) {
  return {
    name: transferJobName(bridge, source),
    description: `Causeway: ${source.name}`,
    status: 'ENABLED',
    eventStream: { name: queueArn(bridge, account, source) },
    transferSpec: {
      awsS3DataSource: { bucketName: source.bucket, roleArn: roleArn(bridge, account, source) },
      gcsDataSink: { bucketName: landingBucket, path: landingName(source.bucket, '', source.lane) },
      ...(source.prefix && { objectConditions: { includePrefixes: [source.prefix] } }),
      transferOptions: {
        overwriteWhen: 'DIFFERENT',
        // S3's LastModified: where an object's way begins.
        metadataOptions: { timeCreated: 'TIME_CREATED_PRESERVE_AS_CUSTOM_TIME' },
      },
    },
  } as const
}
