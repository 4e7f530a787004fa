import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ColumnResource } from '../../scripts/local/bigquery/store/resources.ts'
import { BigQueryStore } from '../../scripts/local/bigquery/store/store.ts'
import { type BigQueryWriteOptions, startBigQueryWrite } from '../../scripts/local/bigquery/write/server.ts'
import type { WriteBackend } from './bigquery-write-bench.ts'

/** Opens the store of a directory; its dataset is `p:d`. */
export async function openTables(directory: string) {
  const store = await BigQueryStore.open(directory)
  if (store.listDatasets('p').length === 0) {
    await store.createDataset({ datasetReference: { projectId: 'p', datasetId: 'd' } })
  }
  const address = (table: string) => ({ project: 'p', dataset: 'd', table })
  return {
    store,
    createTable: async (table: string, resource: Parameters<WriteBackend['createTable']>[1]) => {
      await store.createTable({
        ...resource,
        tableReference: { projectId: 'p', datasetId: 'd', tableId: table },
      })
    },
    setColumns: async (table: string, fields: readonly ColumnResource[]) => {
      await store.patchTable(address(table), { schema: { fields } })
    },
    deleteTable: (table: string) => store.deleteTable(address(table)),
    query: async (sql: string) => {
      const { rows } = await store.query(sql)
      return rows.map((row) => row.map((value) => (value === null ? null : String(value))))
    },
  }
}

/** The stand-in on an empty directory of its own, which is removed when it stops. */
export async function startBackend(options: Partial<BigQueryWriteOptions> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'bigquery-write-'))
  const { store, ...tables } = await openTables(directory)
  const server = await startBigQueryWrite({ store, directory, ...options })
  const stop = async () => {
    await server.stop()
    await store.close()
    await rm(directory, { recursive: true, force: true })
  }
  return { ...tables, store, directory, server, address: server.address, stop } satisfies WriteBackend &
    Record<string, unknown>
}
