import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GetObjectCommand, type GetObjectCommandOutput, NoSuchKey } from '@aws-sdk/client-s3'
import { ApiError, type File } from '@google-cloud/storage'
import type { Route } from './job.ts'
import type { Remotes } from './remotes.ts'

/** An object to copy: what an event, a listing or a manifest says of it. */
export interface Candidate {
  readonly key: string
  /** Without quotes. */
  readonly etag: string | undefined
  readonly size: number | undefined
}

export type CopyResult =
  | { readonly outcome: 'copied' | 'skipped'; readonly etag: string | undefined; readonly bytes: number }
  /** For good: the object is not in S3 any more. */
  | { readonly outcome: 'failed'; readonly error: string; readonly bytes: 0 }

interface SinkObject {
  readonly etag: string | undefined
  readonly size: number
  readonly generation: string
}

/**
 * Copies one object from S3 to Cloud Storage, streaming, and leaves it as the service does: S3's ETag in
 * `x-goog-source-etag`, the user's metadata, type, disposition and caching; not the content encoding.
 * https://docs.cloud.google.com/storage-transfer/docs/metadata-preservation (2026-04-08)
 *
 * Resolves once Cloud Storage has the object. Replaces only the generation it has seen, so of two copies at
 * once the later one looks again. Throws when either side cannot be reached or refuses: worth another try.
 */
export async function copyObject(
  remotes: Remotes,
  route: Route,
  candidate: Candidate,
  name: string,
): Promise<CopyResult> {
  const file = remotes.gcs.bucket(route.sinkBucket).file(name)
  const sink = await inSink(file)
  if (sink && keeps(route, sink, candidate.etag, candidate.size)) return skipped(sink)
  let object: GetObjectCommandOutput
  try {
    object = await remotes.s3.send(new GetObjectCommand({ Bucket: route.sourceBucket, Key: candidate.key }))
  } catch (error) {
    if (error instanceof NoSuchKey) return { outcome: 'failed', error: error.message, bytes: 0 }
    throw error
  }
  const { Body, ContentLength: bytes = 0 } = object
  const etag = object.ETag?.replaceAll('"', '')
  if (!(Body instanceof Readable)) throw new TypeError('S3 gave an object without a body')
  if (sink && keeps(route, sink, etag, bytes)) {
    Body.destroy()
    return skipped(sink)
  }
  const upload = file.createWriteStream({
    resumable: false,
    metadata: sinkMetadata(route, object, etag),
    preconditionOpts: { ifGenerationMatch: sink?.generation ?? 0 },
  })
  await pipeline(Body, upload)
  return { outcome: 'copied', etag, bytes }
}

/** overwriteWhen: whether what the sink has is left alone. */
function keeps(route: Route, sink: SinkObject, etag: string | undefined, size: number | undefined): boolean {
  if (route.overwrite === 'always') return false
  return route.overwrite === 'never' || (sink.etag !== undefined && sink.etag === etag && sink.size === size)
}

function skipped(sink: SinkObject): CopyResult {
  return { outcome: 'skipped', etag: sink.etag, bytes: sink.size }
}

async function inSink(file: File): Promise<SinkObject | undefined> {
  try {
    const [{ metadata, size, generation }] = await file.getMetadata()
    const etag = metadata?.['x-goog-source-etag']
    return {
      etag: typeof etag === 'string' ? etag : undefined,
      size: Number(size),
      generation: String(generation),
    }
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined
    throw error
  }
}

function sinkMetadata(route: Route, object: GetObjectCommandOutput, etag: string | undefined) {
  const { ContentType, ContentDisposition, CacheControl, LastModified } = object
  return {
    ...(ContentType && { contentType: ContentType }),
    ...(ContentDisposition && { contentDisposition: ContentDisposition }),
    ...(CacheControl && { cacheControl: CacheControl }),
    ...(route.keepsTime && LastModified && { customTime: LastModified.toISOString() }),
    metadata: { ...object.Metadata, ...(etag && { 'x-goog-source-etag': etag }) },
  }
}
