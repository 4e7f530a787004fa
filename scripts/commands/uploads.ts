import { createHash } from 'node:crypto'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Bridge, Source } from '../../functions/config/schema.ts'

/** One object to put into a source's bucket. */
export interface Upload {
  readonly source: Source
  readonly key: string
  readonly read: () => Promise<Buffer>
}

/** What the bridge will know the object by. */
export interface Uploaded {
  readonly source: Source
  readonly uri: string
  readonly etag: string
  readonly bytes: number
}

/** Puts an object into S3; it is there, and its event queued, when this resolves. */
export async function uploadTo(client: S3Client, upload: Upload): Promise<Uploaded> {
  const { source, key, read } = upload
  const body = await read()
  const reply = await client.send(new PutObjectCommand({ Bucket: source.bucket, Key: key, Body: body }))
  const etag = reply.ETag?.replaceAll('"', '') ?? createHash('md5').update(body).digest('hex')
  return { source, uri: `s3://${source.bucket}/${key}`, etag, bytes: body.length }
}

/** A client of the local S3. Its address is an IP: buckets go into the path. */
export function s3Client(bridge: Bridge, environment: Readonly<Record<string, string>>): S3Client {
  return new S3Client({
    region: bridge.aws.region,
    endpoint: environment['AWS_ENDPOINT_URL_S3'] ?? '',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
}
