import type { Catalog } from '../sql/catalog.ts'
import type { BigQueryStore } from '../store/store.ts'
import { StoreError } from '../store/store-error.ts'

/** The store as the translation sees it. */
export function storeCatalog(store: BigQueryStore, projectId: string, location: string): Catalog {
  return {
    projectId,
    location,
    tables: (dataset) =>
      found(() =>
        store.listTables({ project: projectId, dataset }).map((each) => each.tableReference.tableId),
      ),
    viewQuery: (dataset, table) =>
      found(() => store.getTable({ project: projectId, dataset, table }).view?.query),
  }
}

function found<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof StoreError && error.reason === 'notFound') return undefined
    throw error
  }
}
