import type { Bridge } from '../config/schema.ts'
import type { Column, TableRowOf } from '../model/column.ts'
import type { Table } from '../model/table.ts'

const columns = [
  { name: 'finished_at', type: 'TIMESTAMP', description: 'When the bridge was done with the object' },
  { name: 'source', type: 'STRING', description: 'Name of the source in the configuration' },
  {
    name: 'format',
    type: 'STRING',
    description: 'The format it was read in: the one its source names, or the one detected',
  },
  { name: 'source_uri', type: 'STRING', description: 'The object in S3, s3://bucket/key' },
  { name: 'source_etag', type: 'STRING', description: 'The ETag of that object' },
  { name: 'landing_uri', type: 'STRING', description: 'Its copy in Cloud Storage, gs://bucket/name' },
  { name: 'generation', type: 'STRING', description: 'Generation of the copy' },
  { name: 'message_id', type: 'STRING', description: 'The Pub/Sub message that announced it' },
  {
    name: 'outcome',
    type: 'STRING',
    description: 'committed, ignored, quarantined, missing, or replayed: rejects of it',
  },
  {
    name: 'reason',
    type: 'STRING',
    description: 'Why it was ignored, quarantined or missing, of a closed set',
  },
  { name: 'detail', type: 'STRING', description: 'That reason in a sentence' },
  { name: 'bytes', type: 'INT64', description: 'Size of the object as stored' },
  { name: 'bytes_read', type: 'INT64', description: 'Its bytes as read, decompressed' },
  {
    name: 'lines_read',
    type: 'INT64',
    description: 'Lines, or records, in it: rows_written + rows_filtered + rows_rejected',
  },
  { name: 'rows_written', type: 'INT64', description: 'Lines that became rows' },
  { name: 'rows_filtered', type: 'INT64', description: 'Lines left out on purpose, blank ones among them' },
  {
    name: 'filtered_by',
    type: 'JSON',
    description: 'Those lines by reason: header, envelope, control_message, digest, blank, sample or filter',
  },
  { name: 'rows_rejected', type: 'INT64', description: 'Lines in rejects' },
  { name: 'rows_extra', type: 'INT64', description: 'Rows beyond the first that map made of a line' },
  { name: 'rows_without_time', type: 'INT64', description: 'Rows in log tables without an event_time' },
  {
    name: 'lines_not_utf8',
    type: 'INT64',
    description: 'Lines with bytes that are no UTF-8: see the setting encoding',
  },
  { name: 'values_misfit', type: 'INT64', description: 'Values in rest that did not fit their column' },
  { name: 'fields_discarded', type: 'INT64', description: 'Fields without a column that were dropped' },
  { name: 'apps', type: 'JSON', description: 'Rows written by app' },
  { name: 'uploaded_at', type: 'TIMESTAMP', description: "S3's LastModified, in whole seconds" },
  { name: 'landed_at', type: 'TIMESTAMP', description: 'When Cloud Storage had the copy' },
  { name: 'published_at', type: 'TIMESTAMP', description: 'When the notification was published' },
  { name: 'started_at', type: 'TIMESTAMP', description: 'When the load function got it' },
  { name: 'committed_at', type: 'TIMESTAMP', description: 'When the rows could be queried' },
  { name: 'revision', type: 'STRING', description: 'Revision of the function that did it' },
] as const satisfies readonly Column[]

/** A row of it. */
export type ObjectLogRow = TableRowOf<typeof columns>

/**
 * Where every finished object is written down, at least once. Read it through the view `objects`, which keeps one
 * row an object.
 */
export function objectLogTable(bridge: Pick<Bridge, 'stateDataset'>): Table {
  return {
    dataset: bridge.stateDataset,
    name: 'object_log',
    layout: {
      columns,
      partitionBy: 'finished_at',
      clusterBy: ['source', 'outcome'],
      description: 'What became of every object, at least once an object: query the view objects',
    },
  }
}

/**
 * The view people query: one row an object, its commit if it has one, else the last that was heard of it. Made with the infrastructure, not by the
 * function. It names the log's project: BigQuery takes a table's name without one only from whoever asks in that
 * project, and a view may be made, or read, from another.
 */
export function objectView(
  bridge: Pick<Bridge, 'stateDataset'> & { readonly google: { readonly project: string } },
): {
  dataset: string
  name: string
  query: string
} {
  const { dataset, name } = objectLogTable(bridge)
  return {
    dataset,
    name: 'objects',
    query: `SELECT * FROM \`${bridge.google.project}.${dataset}.${name}\` WHERE TRUE QUALIFY ROW_NUMBER() OVER (
  PARTITION BY COALESCE(source_uri || ' ' || source_etag, landing_uri || ' ' || generation, message_id)
  ORDER BY IF(outcome = 'committed', 0, 1), IF(outcome = 'committed', 1, -1) * UNIX_MICROS(finished_at)) = 1`,
  }
}
