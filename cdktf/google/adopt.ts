import { DataGoogleBigqueryDatasets } from '@cdktf/provider-google/lib/data-google-bigquery-datasets/index.js'
import { DataGoogleBigqueryTables } from '@cdktf/provider-google/lib/data-google-bigquery-tables/index.js'
import { DataGoogleStorageBuckets } from '@cdktf/provider-google/lib/data-google-storage-buckets/index.js'
import type { StorageBucket } from '@cdktf/provider-google/lib/storage-bucket/index.js'
import { type TerraformResource, TerraformStack } from 'cdktf'
import type { Construct } from 'constructs'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Datasets } from './datasets.ts'
import type { MadeTable } from './tables.ts'

/** What holds data, and so is kept when the rest is destroyed. */
interface Kept {
  readonly datasets: Datasets
  readonly tables: readonly MadeTable[]
  readonly landing: StorageBucket
  readonly ledger: StorageBucket
}

/**
 * Takes over those of the datasets, tables and buckets that are there, rather than to fail at them, when the
 * configuration says so: Terraform asks for what there is and imports it. The first plan then shows what would change.
 * What Terraform has already it does not import again.
 */
export function adoptKept(
  scope: Construct,
  bridge: Bridge,
  { datasets, tables, landing, ledger }: Kept,
): void {
  const { project, adopt, landingBucket, ledgerBucket } = bridge.google
  if (!adopt) return
  const buckets = new DataGoogleStorageBuckets(scope, 'buckets-there', { project })
  const datasetsThere = new DataGoogleBigqueryDatasets(scope, 'datasets-there', { project })
  const bucket = (to: TerraformResource, name: string) =>
    whenThere(to, name, `[for one in ${buckets.fqn}.buckets : one.name]`, project)
  const datasetNames = `[for one in ${datasetsThere.fqn}.datasets : one.dataset_id]`
  const dataset = (to: TerraformResource, name: string) =>
    whenThere(to, name, datasetNames, `projects/${project}/datasets`)
  const tableNames = (id: string, datasetId: string) => {
    const there = new DataGoogleBigqueryTables(scope, `${id}-tables-there`, { project, datasetId })
    // Tables of a dataset that is not there cannot be asked for.
    there.addOverride('count', `\${contains(${datasetNames}, "${datasetId}") ? 1 : 0}`)
    return `[for one in flatten(${there.fqn}[*].tables) : one.table_id]`
  }
  const names = new Map([
    [bridge.stateDataset, tableNames('state', bridge.stateDataset)],
    [bridge.dataset, tableNames('logs', bridge.dataset)],
  ])
  TerraformStack.of(scope).addOverride('import', [
    bucket(landing, landingBucket),
    bucket(ledger, ledgerBucket),
    dataset(datasets.logs, bridge.dataset),
    dataset(datasets.state, bridge.stateDataset),
    ...tables.map(({ resource, dataset: of, name }) =>
      whenThere(resource, name, names.get(of) ?? '[]', `projects/${project}/datasets/${of}/tables`),
    ),
  ])
}

/** An import block for a resource if its name is among those there are, an expression that gives a list. */
function whenThere(to: TerraformResource, name: string, names: string, within: string) {
  return {
    for_each: `\${toset([for name in ${names} : name if name == "${name}"])}`,
    to: `${to.terraformResourceType}.${to.friendlyUniqueId}`,
    id: `${within}/${name}`,
  }
}
