import { join } from 'node:path'
import type { CallCounts } from '../calls.ts'
import { type FaultPlanInput, Faults } from '../faults.ts'
import type { Access } from '../permissions/access.ts'
import type { LocalService } from '../service.ts'
import { type BigQueryRestOptions, startBigQueryRest } from './rest/server.ts'
import { BigQueryStore } from './store/store.ts'
import { type BigQueryWriteOptions, startBigQueryWrite } from './write/server.ts'

export interface BigQueryOptions extends Pick<BigQueryRestOptions, 'location' | 'callers'> {
  readonly directory: string
  readonly projectId: string
  /** Free ports when absent. */
  readonly restPort?: number
  readonly writePort?: number
  readonly faults?: FaultPlanInput
  readonly write?: Omit<BigQueryWriteOptions, 'store' | 'directory' | 'port' | 'faults' | 'callers'>
}

export interface LocalBigQuery extends LocalService {
  /** The DuckDB file with all data. Only one process can have it open. */
  readonly file: string
  /** Environment variables that make official clients one of the callers. */
  environmentOf(caller: Access): Readonly<Record<string, string>>
  /** Rows the Storage Write API has acknowledged, or is about to, since the start. */
  rowsAppended(): number
}

/** Starts the stand-in of BigQuery: its REST API and its Storage Write API, on one store. */
export async function startBigQuery(options: BigQueryOptions): Promise<LocalBigQuery> {
  const { directory, restPort, writePort, location, projectId, callers = [] } = options
  const store = await BigQueryStore.open(directory)
  const running: (() => Promise<void>)[] = [() => store.close()]
  const stop = async () => {
    for (const part of running.splice(0).reverse()) await part()
  }
  try {
    const shared = { store, callers, faults: new Faults('bigquery', options.faults) }
    const rest = await startBigQueryRest({
      ...shared,
      directory,
      projectId,
      ...(restPort === undefined ? {} : { port: restPort }),
      ...(location === undefined ? {} : { location }),
    })
    running.push(rest.stop)
    const write = await startBigQueryWrite({
      ...options.write,
      ...shared,
      directory: join(directory, 'write'),
      ...(writePort === undefined ? {} : { port: writePort }),
    })
    running.push(() => write.stop())
    return {
      name: 'bigquery',
      file: store.file,
      environment: { ...rest.environment, ...write.environment },
      environmentOf: (caller) => ({ ...rest.environmentOf(caller), ...write.environmentOf(caller) }),
      calls: (): CallCounts => ({ ...rest.calls(), ...write.calls() }),
      rowsAppended: () => write.rowsAppended(),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
