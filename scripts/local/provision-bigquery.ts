import { BigQuery } from '@google-cloud/bigquery'
import { PassThroughClient } from 'google-auth-library'
import { knownTables } from '../../cdktf/google/known-tables.ts'
import { BigQueryCatalog } from '../../functions/clients/bigquery-catalog.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { LocalService } from './service.ts'
import { unlessThere } from './unless-there.ts'

/**
 * Makes the tables the infrastructure would have made before any log arrives, and the view of one row an object.
 * Tables that are there already stay; what an earlier process was killed over is made up for.
 */
export async function provisionBigQuery(
  bridge: Bridge,
  { environment }: Pick<LocalService, 'environment'>,
): Promise<void> {
  const client = new BigQuery({
    projectId: bridge.google.project,
    location: bridge.google.location,
    apiEndpoint: environment['BIGQUERY_EMULATOR_HOST'] ?? '',
    authClient: new PassThroughClient(),
  })
  const catalog = new BigQueryCatalog(client, bridge.google.location)
  const { log, rejects, view: objects, clustered } = knownTables(bridge)
  const { location, logDays } = bridge.google
  const expiry = logDays === undefined ? {} : { defaultPartitionExpirationMs: String(logDays * 86_400_000) }
  await unlessThere(client.createDataset(bridge.dataset, { location, ...expiry }))
  for (const table of [log, rejects, ...clustered]) {
    await catalog.create(table)
    // One made by an older version lacks the columns that came since.
    await catalog.widen(table)
  }
  const { dataset, name, query } = objects
  // It holds nothing, and an older version's may say something else.
  await client.dataset(dataset).table(name).delete({ ignoreNotFound: true })
  await client.dataset(dataset).createTable(name, { view: { query, useLegacySql: false } })
}
