import type { Bridge } from '../../config/schema.ts'
import type { Column, TableRowOf } from '../../model/column.ts'
import type { Table } from '../../model/table.ts'

const columns = [
  { name: 'rejected_at', type: 'TIMESTAMP', description: 'When the bridge read the line' },
  { name: 'source', type: 'STRING', description: 'Name of the source in the configuration' },
  {
    name: 'error_class',
    type: 'STRING',
    description: 'line_too_long, malformed, bad_value, row_too_large or user_error',
  },
  { name: 'reason', type: 'STRING', description: 'What is wrong, and where in the line' },
  {
    name: 'raw_line',
    type: 'STRING',
    description: 'The line, unless its source redacts; no UTF-8 as U+FFFD; cut at 4 MiB',
  },
  { name: 'raw_bytes', type: 'INT64', description: 'Length of the whole line in bytes' },
  { name: 'source_uri', type: 'STRING', description: 'The object in S3, s3://bucket/key' },
  { name: 'source_etag', type: 'STRING', description: 'The ETag of that object' },
  { name: 'source_line', type: 'INT64', description: 'Number of the line in the object, from 1' },
] as const satisfies readonly Column[]

/** A row of it. */
export type RejectRow = TableRowOf<typeof columns>

/** Where lines go that could not become rows. */
export function rejectTable(bridge: Pick<Bridge, 'stateDataset'>): Table {
  return {
    dataset: bridge.stateDataset,
    name: 'rejects',
    layout: {
      columns,
      partitionBy: 'rejected_at',
      clusterBy: ['source', 'error_class'],
      description: 'Lines that could not become rows, one row a line',
    },
  }
}
