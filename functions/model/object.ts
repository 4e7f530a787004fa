/** An object in the landing bucket, as its notification describes it: no further call is needed to know this. */
export interface LandedObject {
  readonly bucket: string
  readonly name: string
  readonly generation: string
  readonly bytes: number
  /** The object in S3 it is a copy of. */
  readonly source: SourceObject
  /** Epoch milliseconds; when the landing bucket had it whole. */
  readonly landedAt: number
}

/**
 * What identifies content, wherever it was copied and however often it was announced.
 * `etag` is the S3 ETag the transfer left in the metadata; without one, the CRC32C and size of the copy.
 */
export interface SourceObject {
  readonly bucket: string
  readonly key: string
  readonly etag: string
  /** Epoch milliseconds of S3's LastModified; absent when the copy does not carry it. */
  readonly uploadedAt?: number
}

/** `s3://bucket/key`, the key as it is. */
export function sourceUri(source: Pick<SourceObject, 'bucket' | 'key'>): string {
  return `s3://${source.bucket}/${source.key}`
}
