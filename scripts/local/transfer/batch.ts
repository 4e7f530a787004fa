import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { protos } from '@google-cloud/storage-transfer'
import { type CopyContext, transfer } from './copier.ts'
import type { Route } from './job.ts'
import { parseManifest } from './manifest.ts'
import type { Candidate } from './object-copy.ts'
import type { OperationRun } from './operation-run.ts'
import type { Remotes } from './remotes.ts'

const concurrency = 8

/**
 * Copies everything a route takes, from a listing of the source or from its manifest, and finishes the run.
 * Never rejects: what goes wrong is the outcome of the run. Safe to repeat, as what is there is skipped.
 * Stops early, leaving the run in progress, when the signal aborts.
 */
export async function runBatch(
  context: CopyContext,
  route: Route,
  run: OperationRun,
  signal: AbortSignal,
): Promise<void> {
  const { UNAVAILABLE } = protos.google.rpc.Code
  try {
    const candidates = candidatesOf(context.remotes, route)
    const copyUntilDone = async () => {
      for await (const candidate of candidates) {
        if (signal.aborted) return
        await transfer(context, route, run, { candidate }).catch((error: unknown) =>
          run.fail(UNAVAILABLE, `s3://${route.sourceBucket}/${candidate.key}`, String(error)),
        )
      }
    }
    // An async generator hands its values out one by one, whoever asks: the workers share it.
    await Promise.all(Array.from({ length: concurrency }, copyUntilDone))
  } catch (error) {
    run.fail(UNAVAILABLE, `s3://${route.sourceBucket}`, String(error))
  }
  if (!signal.aborted) run.finish()
}

async function* candidatesOf(remotes: Remotes, route: Route): AsyncGenerator<Candidate> {
  if (route.manifest === undefined) return yield* listed(remotes, route)
  const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.+)$/.exec(route.manifest) ?? []
  const [csv] = await remotes.gcs.bucket(bucket).file(name).download()
  for (const object of parseManifest(csv.toString('utf8'))) {
    yield { key: route.sourcePath + object, etag: undefined, size: undefined }
  }
}

async function* listed({ s3 }: Remotes, route: Route): AsyncGenerator<Candidate> {
  let ContinuationToken: string | undefined
  do {
    const list = { Bucket: route.sourceBucket, Prefix: route.sourcePath, ContinuationToken }
    const page = await s3.send(new ListObjectsV2Command(list))
    for (const { Key = '', ETag, Size } of page.Contents ?? []) {
      yield { key: Key, etag: ETag?.replaceAll('"', ''), size: Size }
    }
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken)
}
