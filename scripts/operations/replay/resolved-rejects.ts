import type { Bridge } from '../../../functions/config/schema.ts'
import type { Column, TableRowOf } from '../../../functions/model/column.ts'
import type { Table } from '../../../functions/model/table.ts'
import { encodeRow } from '../../../functions/split/encode/encode-row.ts'
import { ProtoWriter } from '../../../functions/split/encode/proto-writer.ts'
import type { TableRows } from '../../../functions/split/table-rows.ts'

const columns = [
  { name: 'resolved_at', type: 'TIMESTAMP', description: 'When the line was read again' },
  { name: 'source', type: 'STRING', description: 'Name of the source in the configuration' },
  { name: 'source_uri', type: 'STRING', description: 'The object in S3, s3://bucket/key' },
  { name: 'source_etag', type: 'STRING', description: 'The ETag of that object' },
  { name: 'source_line', type: 'INT64', description: 'Number of the line in the object, from 1' },
] as const satisfies readonly Column[]

/** Rejects whose lines became rows since, or are left out on purpose. What is in `rejects` and not here is open. */
export function resolvedRejects(bridge: Pick<Bridge, 'stateDataset'>): Table {
  return {
    dataset: bridge.stateDataset,
    name: 'resolved_rejects',
    layout: {
      columns,
      partitionBy: 'resolved_at',
      clusterBy: ['source'],
      description: 'Rejects whose lines became rows since: replay --rejects',
    },
  }
}

/** The marks of some lines of an object, to be loaded together with their rows. */
export function marksOf(
  bridge: Pick<Bridge, 'stateDataset'>,
  { source, uri, etag }: { readonly source: string; readonly uri: string; readonly etag: string },
  lines: ReadonlySet<number>,
): TableRows[] {
  if (lines.size === 0) return []
  const writer = new ProtoWriter()
  const about = { resolved_at: Date.now() * 1000, source, source_uri: uri, source_etag: etag }
  const rows = [...lines].map((line) => {
    const mark: TableRowOf<typeof columns> = { ...about, source_line: line }
    return encodeRow(writer, columns, mark)
  })
  const bytes = rows.reduce((sum, row) => sum + row.length, 0)
  return [{ table: resolvedRejects(bridge), rows, bytes }]
}
