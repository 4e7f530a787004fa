/** Which key of Cloud KMS encrypts what. A key in another place than its data is a fault. */
import { functionRegion } from './locations.ts'
import type { Bridge } from './schema.ts'

/**
 * A key must be where its data is: in the region of the function, its buckets and images, and where the datasets are,
 * for which Cloud KMS has names of its own.
 * https://docs.cloud.google.com/functions/docs/securing/cmek and
 * https://docs.cloud.google.com/bigquery/docs/customer-managed-encryption [2026-11]
 */
export function keyFaults(google: Bridge['google']): string[] {
  const { key, datasetKey, location } = google
  const region = functionRegion(google)
  if (key === undefined)
    return datasetKey === undefined
      ? []
      : ['google.datasetKey: set google.key too, for all that is no dataset']
  const place = keyLocation(location)
  const wrong = (path: string, of: string, where: string) =>
    locationOf(of) === where
      ? []
      : [`${path}: is a key in ${locationOf(of)}, and what it encrypts is in ${where}`]
  return [
    ...wrong('google.key', key, region),
    ...(datasetKey !== undefined ? wrong('google.datasetKey', datasetKey, place) : []),
    ...(datasetKey === undefined && place !== region
      ? [
          `google.datasetKey: datasets in ${location} need a key of their own, in ${place}; make one and name it`,
        ]
      : []),
  ]
}

/** The key of the datasets: that of all else, where both are in one place. */
export function keyOfDatasets({ key, datasetKey }: Bridge['google']): string | undefined {
  return datasetKey ?? key
}

/** Cloud KMS calls BigQuery's multi-region EU by another name. */
function keyLocation(location: string): string {
  return location.toUpperCase() === 'EU' ? 'europe' : location.toLowerCase()
}

function locationOf(key: string): string {
  return key.split('/')[3] ?? ''
}
