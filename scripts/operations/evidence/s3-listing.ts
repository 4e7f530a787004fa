import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'
import type { DeployedSource } from '../../../functions/config/schema.ts'
import type { Found } from './evidence.ts'

/**
 * Whether an object must be restored before it can be read.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html [2026-11]
 */
export function isArchived({ storageClass }: { readonly storageClass?: string }): boolean {
  return storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE'
}

/** What a bucket has under a source's prefix now: a request for each 1,000 objects. */
export async function* listedObjects(
  s3: S3Client,
  { bucket, prefix: ofSource }: Pick<DeployedSource, 'bucket' | 'prefix'>,
  prefix = ofSource,
): AsyncGenerator<Found> {
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key, ETag, Size, LastModified, StorageClass } of page.Contents ?? []) {
      if (Key === undefined || ETag === undefined || LastModified === undefined) continue
      yield {
        bucket,
        key: Key,
        evidence: {
          of: 's3',
          etag: ETag.replaceAll('"', ''),
          bytes: Size ?? 0,
          uploadedAt: LastModified.getTime(),
          ...(StorageClass && { storageClass: StorageClass }),
        },
      }
    }
  }
}
