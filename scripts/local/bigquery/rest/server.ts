import { mkdir, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { CallCounter } from '../../calls.ts'
import { Faults } from '../../faults.ts'
import type { Access } from '../../permissions/access.ts'
import type { LocalService } from '../../service.ts'
import { prelude } from '../sql/macros.ts'
import type { BigQueryStore } from '../store/store.ts'
import { authorize } from './authorize.ts'
import { datasetRoutes } from './dataset-routes.ts'
import { listen, type Serving, serve } from './http.ts'
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
  /** Callers with addresses and permissions of their own. */
  readonly callers?: readonly Access[]
}

export interface BigQueryRest extends LocalService {
  /** Environment variables that make an official client one of the callers. */
  environmentOf(caller: Access): Readonly<Record<string, string>>
}

/**
 * Starts BigQuery's REST API v2 on a store: datasets, tables, views, query jobs and table data.
 *
 * Data and resources are the store's and survive; jobs and their results are in memory only. Every query runs to
 * its end before its first answer. One project: queries that name another find nothing there.
 *
 * A caller is known by the address it comes by, and refused what is not granted to it.
 *
 * Not modelled: load, copy and extract jobs, destination tables, DML and scripts, sessions, routines, policies of
 * datasets, authentication, quotas, caching of results (`cacheHit` is always false) and bytes processed (always 0).
 * The project's default location is every dataset's unless it was created with another.
 */
export async function startBigQueryRest(options: BigQueryRestOptions): Promise<BigQueryRest> {
  const { store, directory, projectId, port = 0, location = 'US', clock = Date.now } = options
  const counter = new CallCounter()
  const runner = new QueryRunner(store, storeCatalog(store, projectId, location))
  const jobs = new Jobs(runner, location, clock)
  await store.transaction(async (connection) => {
    for (const statement of prelude()) await connection.run(statement)
  })
  const { server, origin } = await listen(port)
  const serving: Serving = {
    routes: [...datasetRoutes(store, location), ...tableRoutes(store, runner, location), ...jobRoutes(jobs)],
    counter,
    faults: options.faults ?? new Faults('bigquery'),
  }
  serve(server, serving)
  const callers = await Promise.all(
    (options.callers ?? []).map(async (access) => ({ access, ...(await listen(0)) })),
  )
  for (const { access, server: own } of callers) {
    serve(own, { ...serving, authorize: (call, path) => authorize(access, call, path) })
  }
  const credentials = join(directory, 'credentials.json')
  await mkdir(directory, { recursive: true })
  await writeFile(credentials, JSON.stringify(localCredentials(origin)))
  const environmentAt = (host: string) => ({
    BIGQUERY_EMULATOR_HOST: host,
    GOOGLE_APPLICATION_CREDENTIALS: credentials,
  })
  return {
    name: 'bigquery',
    environment: environmentAt(origin),
    environmentOf: (caller) => {
      const found = callers.find(({ access }) => access === caller)
      if (!found) throw new Error(`${caller.account} is not among the callers BigQuery was started with`)
      return environmentAt(found.origin)
    },
    calls: () => counter.snapshot(),
    stop: async () => {
      await Promise.all([server, ...callers.map((caller) => caller.server)].map(close))
    },
  }
}

function close(server: Server): Promise<unknown> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  return closed
}
