import type { Storage } from '@google-cloud/storage'
import type { DeployedSource } from '../../../functions/config/schema.ts'
import { landingName, parseLandingName } from '../../../functions/model/landing-name.ts'
import type { Found } from './evidence.ts'

/** The copies of a source's objects that the landing bucket has. Those of lanes it was in before are listed too. */
export async function* landingCopies(
  storage: Storage,
  landingBucket: string,
  { bucket, lane }: DeployedSource,
  prefix: string,
): AsyncGenerator<Found> {
  const files = storage.bucket(landingBucket).getFilesStream({ prefix: landingName(bucket, prefix, lane) })
  for await (const { name, metadata } of files) {
    const original = parseLandingName(name)
    const etag = metadata.metadata?.['x-goog-source-etag']
    if (!original || typeof etag !== 'string') continue
    const uploadedAt = Date.parse(metadata.customTime ?? metadata.timeCreated ?? '')
    const bytes = Number(metadata.size)
    yield {
      ...original,
      evidence: { of: 'copy', etag: etag.replaceAll('"', ''), name, uploadedAt, bytes },
    }
  }
}
