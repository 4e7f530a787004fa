import type { BigqueryDataset } from '@cdktf/provider-google/lib/bigquery-dataset/index.js'
import { BigqueryTable } from '@cdktf/provider-google/lib/bigquery-table/index.js'
import type { Construct } from 'constructs'
import { keyOfDatasets } from '../../functions/config/keys.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Table } from '../../functions/model/table.ts'
import { labelsOf } from '../labels.ts'
import type { Datasets } from './datasets.ts'
import { knownTables } from './known-tables.ts'

const day = 86_400_000

/** The tables and the view that are there before any log arrives. */
export function tables(scope: Construct, bridge: Bridge, { logs, state }: Datasets): BigqueryTable[] {
  const { stateDays, logDays } = bridge.google
  const known = knownTables(bridge)
  const log = table(scope, bridge, state, known.log, stateDays)
  const rejects = table(scope, bridge, state, known.rejects, stateDays)
  const objects = new BigqueryTable(scope, 'objects-view', {
    ...place(bridge, state, known.view.name),
    description: 'What became of every object, one row an object',
    view: { query: known.view.query, useLegacySql: false },
    dependsOn: [log],
  })
  const clustered = known.clustered.map((each) => table(scope, bridge, logs, each, logDays))
  return [log, rejects, objects, ...clustered]
}

function table(
  scope: Construct,
  bridge: Bridge,
  dataset: BigqueryDataset,
  { name, layout }: Table,
  days: number | undefined,
) {
  const kmsKeyName = keyOfDatasets(bridge.google)
  return new BigqueryTable(scope, `${name}-table`, {
    ...place(bridge, dataset, name),
    // It has the dataset's key anyhow; unsaid, each plan would make the table anew to take it away.
    ...(kmsKeyName && { encryptionConfiguration: { kmsKeyName } }),
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
