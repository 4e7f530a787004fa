import { HeadObjectCommand, NotFound } from '@aws-sdk/client-s3'
import { objectLogTable } from '../../../functions/commit/object-table.ts'
import type { DeployedSource } from '../../../functions/config/schema.ts'
import { sourceUri } from '../../../functions/model/object.ts'
import { announceCopy, announceUpload, type Uploaded } from '../announce.ts'
import type { Target } from '../target.ts'
import type { Cause, Difference } from './judge.ts'

/** What was done about a difference. */
export type Repair =
  /** It is on its way again: what became of it will be on record under this ETag. */
  | { readonly kind: 'announced'; readonly etag: string }
  /** Nothing can be loaded, and that is on record now. */
  | { readonly kind: 'recorded' }
  /** It is for a person, who is told what to do. */
  | { readonly kind: 'left'; readonly why: string }

/** Does what mends a difference. Safe to repeat: what is loaded by now, the ledger keeps from being loaded again. */
export async function repair(
  target: Target,
  source: DeployedSource,
  difference: Difference,
): Promise<Repair> {
  const way = ways[difference.cause]
  switch (way) {
    case 'upload':
      return announceAnew(target, source, difference)
    case 'copy': {
      const isThere = await announceCopy(target.bridge, target.clients, difference.copy ?? '')
      return isThere ? { kind: 'announced', etag: difference.etag } : announceAnew(target, source, difference)
    }
    default:
      return { kind: 'left', why: way.left }
  }
}

/** The object is announced again, or its copy is; or what a person has to do. */
const ways: Readonly<Record<Cause, 'upload' | 'copy' | { readonly left: string }>> = {
  not_announced: 'upload',
  not_transferred: 'upload',
  copy_lost: 'upload',
  gone: 'upload',
  not_notified: 'copy',
  not_sealed: 'copy',
  not_committed: 'copy',
  not_recorded: { left: 'its rows are there; only its line in causeway.objects is not' },
  archived: { left: 'restore it in S3, then run reconcile again' },
  quarantined: { left: 'mend the reason, then run replay' },
  counts_unequal: { left: 'see who changed these tables; the copy can be read with preview' },
  extra: { left: 'see who wrote these rows: the bridge did not' },
}

async function announceAnew(target: Target, source: DeployedSource, difference: Difference): Promise<Repair> {
  const uploaded = await headOf(target, difference)
  if (uploaded) {
    await announceUpload(target.bridge, target.clients, source, uploaded)
    return { kind: 'announced', etag: uploaded.etag }
  }
  await recordGone(target, source, difference)
  return { kind: 'recorded' }
}

async function headOf({ clients }: Target, { bucket, key }: Difference): Promise<Uploaded | undefined> {
  try {
    const head = await clients.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
    return {
      key,
      etag: head.ETag?.replaceAll('"', '') ?? '',
      bytes: head.ContentLength ?? 0,
      uploadedAt: head.LastModified?.getTime() ?? Date.now(),
    }
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}

/** Writes down that an object was there, and cannot be loaded any more. */
function recordGone(target: Target, source: DeployedSource, difference: Difference): Promise<void> {
  const { uploadedAt, bytes, etag } = difference
  const now = Date.now() * 1000
  return target.record(objectLogTable(target.bridge), [
    {
      finished_at: now,
      started_at: now,
      source: source.name,
      source_uri: sourceUri(difference),
      source_etag: etag,
      outcome: 'missing',
      reason: 'object_missing',
      detail: 'it was gone from S3 before it was copied',
      revision: 'reconcile',
      ...(bytes !== undefined && { bytes }),
      ...(uploadedAt !== undefined && { uploaded_at: uploadedAt * 1000 }),
    },
  ])
}
