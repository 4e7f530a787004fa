import { transferJobName } from '../../functions/config/names.ts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { landingName } from '../../functions/model/landing-name.ts'
import { queueArn, roleArn } from '../aws/names.ts'

/**
 * All options are given, though only the first differs from the service's defaults: where one is left out, Terraform takes
 * the default in the service's answer for a change, each time.
 * https://docs.cloud.google.com/storage-transfer/docs/reference/rest/v1/TransferSpec#MetadataOptions [2026-11]
 */
const metadataOptions = {
  // S3's LastModified: where an object's way begins.
  timeCreated: 'TIME_CREATED_PRESERVE_AS_CUSTOM_TIME',
  symlink: 'SYMLINK_SKIP',
  mode: 'MODE_SKIP',
  gid: 'GID_SKIP',
  uid: 'UID_SKIP',
  acl: 'ACL_DESTINATION_BUCKET_DEFAULT',
  storageClass: 'STORAGE_CLASS_DESTINATION_BUCKET_DEFAULT',
  temporaryHold: 'TEMPORARY_HOLD_SKIP',
  kmsKey: 'KMS_KEY_DESTINATION_BUCKET_DEFAULT',
} as const

/**
 * One long-lived job a source: it reads the queue itself and copies what is announced there. As the API takes it. In
 * the cloud it has another name: what is the source's is the job that reads its queue.
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
    description: `Causeway: uploads of ${source.name} (${bridge.name})`,
    status: 'ENABLED',
    eventStream: { name: queueArn(bridge, account, source) },
    transferSpec: {
      awsS3DataSource: { bucketName: source.bucket, roleArn: roleArn(bridge, account, source) },
      gcsDataSink: { bucketName: landingBucket, path: landingName(source.bucket, '', source.lane) },
      ...(source.prefix && { objectConditions: { includePrefixes: [source.prefix] } }),
      transferOptions: {
        overwriteWhen: 'DIFFERENT',
        metadataOptions,
      },
    },
  } as const
}
