import type { Column } from '../model/column.ts'
import type { TableLayout } from '../model/table.ts'
import { formats } from '../parse/formats.ts'
import { declaredColumns } from '../shape/declared-fields.ts'
import type { LogSource } from './log-source.ts'

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

/** The layout every log table of a source in one format has, whichever app it holds. */
export function logTableLayout(source: Pick<LogSource, 'name' | 'format' | 'columns'>): TableLayout {
  const declared = declaredColumns(source.columns)
  return {
    columns: [...leading, ...formats[source.format].columns, ...declared, ...trailing],
    partitionBy: 'event_time',
    clusterBy: ['app'],
    description: `Lines of source ${source.name} (${source.format}), loaded by Causeway`,
  }
}
