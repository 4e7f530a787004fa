import { z } from 'zod'
import type { KeptDataset } from '../store/resources.ts'
import type { BigQueryStore } from '../store/store.ts'
import { notImplemented } from './api-error.ts'
import type { ApiRequest, Route } from './http.ts'
import { pageOf } from './page.ts'
import { parsed } from './parsed.ts'

const newDatasetSchema = z.looseObject({ datasetReference: z.looseObject({ datasetId: z.string() }) })

/** Methods of `datasets`. */
export function datasetRoutes(store: BigQueryStore, location: string): Route[] {
  const resource = (kept: KeptDataset) => datasetResource(kept, location)
  return [
    {
      method: 'POST',
      path: '/datasets',
      call: 'datasets.insert',
      handle: async ({ path, body }) => {
        const dataset = parsed(newDatasetSchema, body)
        const datasetReference = {
          projectId: path['project'] ?? '',
          datasetId: dataset.datasetReference.datasetId,
        }
        return resource(await store.createDataset({ ...dataset, datasetReference }))
      },
    },
    {
      method: 'GET',
      path: '/datasets',
      call: 'datasets.list',
      handle: ({ path, query }) => {
        const { items, nextPageToken } = pageOf(store.listDatasets(path['project'] ?? ''), query)
        return { kind: 'bigquery#datasetList', datasets: items.map(resource), nextPageToken }
      },
    },
    {
      method: 'GET',
      path: '/datasets/:dataset',
      call: 'datasets.get',
      handle: (request) => resource(store.getDataset(addressOf(request))),
    },
    {
      method: 'PATCH',
      path: '/datasets/:dataset',
      call: 'datasets.patch',
      handle: (request) => {
        store.getDataset(addressOf(request))
        throw notImplemented('The local stand-in of BigQuery does not change datasets in place')
      },
    },
    {
      method: 'DELETE',
      path: '/datasets/:dataset',
      call: 'datasets.delete',
      handle: (request) =>
        store.deleteDataset(addressOf(request), {
          deleteContents: request.query.get('deleteContents') === 'true',
        }),
    },
  ]
}

function addressOf({ path }: ApiRequest) {
  return { project: path['project'] ?? '', dataset: path['dataset'] ?? '' }
}

function datasetResource(kept: KeptDataset, location: string): unknown {
  const { projectId, datasetId } = kept.datasetReference
  return { kind: 'bigquery#dataset', location, ...kept, id: `${projectId}:${datasetId}` }
}
