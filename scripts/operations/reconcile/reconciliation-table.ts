import type { Bridge } from '../../../functions/config/schema.ts'
import type { Column } from '../../../functions/model/column.ts'
import type { Table } from '../../../functions/model/table.ts'

const columns = [
  { name: 'started_at', type: 'TIMESTAMP', description: 'When it began to look' },
  { name: 'finished_at', type: 'TIMESTAMP', description: 'When it was done' },
  { name: 'window_from', type: 'TIMESTAMP', description: 'Objects uploaded from this time' },
  { name: 'window_to', type: 'TIMESTAMP', description: 'Objects uploaded before this time' },
  { name: 'source', type: 'STRING', description: 'The source that was looked at; NULL for all' },
  { name: 'objects', type: 'INT64', description: 'Versions of objects that were looked at' },
  { name: 'difference_count', type: 'INT64', description: 'Those that were not where they should be' },
  { name: 'differences', type: 'JSON', description: 'Those by cause' },
  { name: 'repaired', type: 'INT64', description: 'Those that were mended' },
  { name: 'left_over', type: 'INT64', description: 'Those that were not' },
] as const satisfies readonly Column[]

/** What each reconciliation found. */
export function reconciliationTable(bridge: Pick<Bridge, 'stateDataset'>): Table {
  return {
    dataset: bridge.stateDataset,
    name: 'reconciliations',
    layout: {
      columns,
      partitionBy: 'started_at',
      clusterBy: ['source'],
      description: 'What each reconciliation found, and what it mended',
    },
  }
}
