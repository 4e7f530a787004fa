import { idOf } from '../construct-id.ts'

/** What is put behind the id of a bucket for the ids of its settings. */
const parts = ['encryption', 'lifecycle', 'notification', 'owner', 'policy', 'private', 'versions']

/** The id of a bucket's construct, which those of its settings begin with. */
export function bucketId(bucket: string): string {
  return `bucket-${idOf(bucket, parts)}`
}
