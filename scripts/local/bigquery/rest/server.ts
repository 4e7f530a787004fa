import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CallCounter } from '../../calls.ts'
import { Faults } from '../../faults.ts'
import type { LocalService } from '../../service.ts'
import { prelude } from '../sql/macros.ts'
import type { BigQueryStore } from '../store/store.ts'
import { datasetRoutes } from './dataset-routes.ts'
import { listen, serve } from './http.ts'
import { jobRoutes } from './job-routes.ts'
import { Jobs } from './jobs.ts'
import { QueryRunner } from './query-runner.ts'
import { storeCatalog } from './store-catalog.ts'
import { tableRoutes } from './table-routes.ts'
import { localCredentials } from './token.ts'

export interface BigQueryRestOptions {
  readonly store: BigQueryStore
  /** Where the credentials file for clients goes. */
  readonly directory: string
  readonly projectId: string
  /** A free port when absent. */
  readonly port?: number
  readonly faults?: Faults
  readonly location?: string
  readonly clock?: () => number
}

/**
 * Starts BigQuery's REST API v2 on a store: datasets, tables, views, query jobs and table data.
 *
 * Data and resources are the store's and survive; jobs and their results are in memory only. Every query runs to
 * its end before its first answer. One project: queries that name another find nothing there.
 *
 * Not modelled: load, copy and extract jobs, destination tables, DML and scripts, sessions, routines, IAM,
 * authentication, quotas, caching of results (`cacheHit` is always false) and bytes processed (always 0).
 * The project's default location is every dataset's unless it was created with another.
 */
export async function startBigQueryRest(options: BigQueryRestOptions): Promise<LocalService> {
  const { store, directory, projectId, port = 0, location = 'US', clock = Date.now } = options
  const counter = new CallCounter()
  const runner = new QueryRunner(store, storeCatalog(store, projectId, location))
  const jobs = new Jobs(runner, location, clock)
  await store.transaction(async (connection) => {
    for (const statement of prelude()) await connection.run(statement)
  })
  const { server, origin } = await listen(port)
  serve(server, {
    routes: [...datasetRoutes(store, location), ...tableRoutes(store, runner, location), ...jobRoutes(jobs)],
    counter,
    faults: options.faults ?? new Faults('bigquery'),
  })
  const credentials = join(directory, 'credentials.json')
  await mkdir(directory, { recursive: true })
  await writeFile(credentials, JSON.stringify(localCredentials(origin)))
  return {
    name: 'bigquery',
    environment: { BIGQUERY_EMULATOR_HOST: origin, GOOGLE_APPLICATION_CREDENTIALS: credentials },
    calls: () => counter.snapshot(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
