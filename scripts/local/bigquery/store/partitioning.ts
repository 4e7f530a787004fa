import { columnType } from './column-type.ts'
import type { DatasetResource, TableResource } from './resources.ts'
import { invalid } from './store-error.ts'

const units = ['HOUR', 'DAY', 'MONTH', 'YEAR']

/**
 * Checks partitioning and clustering: a column partition needs a top-level TIMESTAMP, DATE or DATETIME column that is
 * not REPEATED; at most 4 clustering columns, all top-level (https://cloud.google.com/bigquery/docs/clustered-tables).
 */
export function checkLayout(resource: TableResource): void {
  const columns = new Map(resource.schema?.fields?.map((column) => [column.name.toLowerCase(), column]))
  const { timePartitioning } = resource
  if (timePartitioning && !units.includes(timePartitioning.type)) {
    throw invalid(`Invalid value for type: ${timePartitioning.type} is not a valid value`)
  }
  if (timePartitioning?.field !== undefined) {
    const column = columns.get(timePartitioning.field.toLowerCase())
    if (!column) {
      throw invalid(
        `The field specified for partitioning cannot be found in the schema: ${timePartitioning.field}`,
      )
    }
    if (column.mode === 'REPEATED' || !['TIMESTAMP', 'DATE', 'DATETIME'].includes(columnType(column))) {
      throw invalid('The field specified for time partitioning must be of type TIMESTAMP, DATE or DATETIME')
    }
  }
  const clustered = clusteringFields(resource)
  if (clustered.length > 4) throw invalid('Too many fields specified for clustering: at most 4 are allowed')
  for (const name of clustered) {
    if (!columns.has(name.toLowerCase())) {
      throw invalid(`The field specified for clustering cannot be found in the schema: ${name}`)
    }
  }
}

/**
 * A new table with what its dataset has for those that do not say.
 * https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/datasets [2026-11], defaultPartitionExpirationMs
 */
export function withDefaults(resource: TableResource, dataset: DatasetResource): TableResource {
  const { timePartitioning } = resource
  const expirationMs = dataset['defaultPartitionExpirationMs']
  if (!timePartitioning || expirationMs === undefined) return resource
  return { ...resource, timePartitioning: { expirationMs: String(expirationMs), ...timePartitioning } }
}

function clusteringFields(resource: TableResource): readonly string[] {
  const fields: unknown = Object(resource['clustering']).fields
  return Array.isArray(fields) ? fields.map(String) : []
}
