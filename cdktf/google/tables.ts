import type { BigqueryDataset } from '@cdktf/provider-google/lib/bigquery-dataset/index.js'
import { BigqueryTable } from '@cdktf/provider-google/lib/bigquery-table/index.js'
import type { Construct } from 'constructs'
import { objectLogTable, objectView } from '../../functions/commit/object-table.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Table } from '../../functions/model/table.ts'
import { logTableLayout } from '../../functions/split/log-table.ts'
import { rejectTable } from '../../functions/split/reject-table.ts'
import { tableName } from '../../functions/split/table-name.ts'
import { labelsOf } from '../labels.ts'
import type { Datasets } from './datasets.ts'

const day = 86_400_000

/**
 * The tables that are known before any log arrives, from the layouts the function fills them by. A table for each
 * app is made by the function when the app is first seen.
 */
export function tables(scope: Construct, bridge: Bridge, { logs, state }: Datasets): BigqueryTable[] {
  const { stateDays, logDays } = bridge.google
  const log = table(scope, bridge, state, objectLogTable(bridge), stateDays)
  const rejects = table(scope, bridge, state, rejectTable(bridge), stateDays)
  const view = objectView(bridge)
  const objects = new BigqueryTable(scope, 'objects-view', {
    ...place(bridge, state, view.name),
    description: 'What became of every object, one row an object',
    view: { query: view.query, useLegacySql: false },
    dependsOn: [log],
  })
  const clustered = bridge.sources
    .filter(({ split }) => split === 'cluster')
    .map((source) => ({
      dataset: bridge.dataset,
      name: tableName(source, ''),
      layout: logTableLayout(source),
    }))
    .map((each) => table(scope, bridge, logs, each, logDays))
  return [log, rejects, objects, ...clustered]
}

function table(
  scope: Construct,
  bridge: Bridge,
  dataset: BigqueryDataset,
  { name, layout }: Table,
  days: number | undefined,
) {
  return new BigqueryTable(scope, `${name}-table`, {
    ...place(bridge, dataset, name),
    description: layout.description,
    schema: JSON.stringify(
      layout.columns.map(({ name, type, mode = 'NULLABLE', description }) => ({
        name,
        type: restType(type),
        mode,
        description,
      })),
    ),
    timePartitioning: {
      type: 'DAY',
      field: layout.partitionBy,
      ...(days && { expirationMs: days * day }),
    },
    clustering: [...layout.clusterBy],
  })
}

function place(bridge: Bridge, dataset: BigqueryDataset, tableId: string) {
  const { project, deletionProtection } = bridge.google
  return { project, datasetId: dataset.datasetId, tableId, labels: labelsOf(bridge), deletionProtection }
}

/** BigQuery's API answers with the older names of these types, and Terraform would see a difference each time. */
function restType(type: string): string {
  return { INT64: 'INTEGER', FLOAT64: 'FLOAT', BOOL: 'BOOLEAN' }[type] ?? type
}
