import type { Column } from './column.ts'

/** Columns in front of a format's own. */
export const leading: readonly Column[] = [
  { name: 'app', type: 'STRING', description: 'The app the line belongs to' },
  { name: 'event_time', type: 'TIMESTAMP', description: 'When it happened; the partition' },
]

/** Columns behind a format's own: what has no column, and where the row is from. */
export const trailing: readonly Column[] = [
  { name: 'rest', type: 'JSON', description: 'Fields that have no column' },
  { name: 'source_uri', type: 'STRING', description: 'The object in S3, s3://bucket/key' },
  { name: 'source_etag', type: 'STRING', description: 'The ETag of that object' },
  { name: 'source_line', type: 'INT64', description: 'Number of the line in the object, from 1' },
  { name: 'loaded_at', type: 'TIMESTAMP', description: 'When the bridge read the object' },
]

/** Names no declared column may have. */
export const standardColumns: readonly string[] = [...leading, ...trailing].map(({ name }) => name)

/** How many columns stand in front of a format's own. */
export const leadingColumns = leading.length
