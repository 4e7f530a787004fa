import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js'
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js'
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js'
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js'
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js'
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js'
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js'
import type { Construct } from 'constructs'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { bucketId } from './bucket-id.ts'
import { logWriters } from './log-writers.ts'
import { bucketArn } from './names.ts'
import { onlyTls, policy } from './policy.ts'

/** Days for which a deleted or overwritten version is kept. */
const oldVersionDays = 30

/** Days an upload in parts may take. */
const uploadDays = 7

/**
 * A bucket for logs: encrypted, private, TLS only, open to the AWS service that writes its sources' format. What is
 * deleted or written over can be had back for a while, and of two uploads under one key at once both are announced:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/NotificationHowTo.html [2026-11]
 */
export function logBucket(
  scope: Construct,
  bridge: Bridge,
  sources: readonly [DeployedSource, ...DeployedSource[]],
  account: string,
): S3Bucket {
  const [{ bucket: name, bucketKey }] = sources
  const id = bucketId(name)
  const bucket = new S3Bucket(scope, id, { bucket: name })
  new S3BucketOwnershipControls(scope, `${id}-owner`, {
    bucket: bucket.id,
    rule: { objectOwnership: 'BucketOwnerEnforced' },
  })
  const closed = new S3BucketPublicAccessBlock(scope, `${id}-private`, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  })
  new S3BucketServerSideEncryptionConfigurationA(scope, `${id}-encryption`, {
    bucket: bucket.id,
    rule: [
      {
        applyServerSideEncryptionByDefault: bucketKey
          ? { sseAlgorithm: 'aws:kms', kmsMasterKeyId: bucketKey }
          : { sseAlgorithm: 'AES256' },
        bucketKeyEnabled: bucketKey !== undefined,
      },
    ],
  })
  const versioned = new S3BucketVersioningA(scope, `${id}-versions`, {
    bucket: bucket.id,
    versioningConfiguration: { status: 'Enabled' },
  })
  new S3BucketLifecycleConfiguration(scope, `${id}-lifecycle`, {
    bucket: bucket.id,
    rule: [
      {
        id: 'leftovers',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrentVersionExpiration: [{ noncurrentDays: oldVersionDays }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: uploadDays }],
        // The mark of a deletion goes with the last of what it hides.
        expiration: [{ expiredObjectDeleteMarker: true }],
      },
    ],
    dependsOn: [versioned],
  })
  const arn = bucketArn(bridge, name)
  new S3BucketPolicy(scope, `${id}-policy`, {
    bucket: bucket.id,
    policy: policy([onlyTls('s3:*', [arn, `${arn}/*`]), ...logWriters(bridge, sources, account)]),
    // S3 refuses two changes of a bucket's access at a time.
    dependsOn: [closed],
  })
  return bucket
}
