/** Where things run, and which places do not go together. */
import type { Bridge } from './schema.ts'

/** BigQuery's multi-regions, with a region inside each and what its regions begin with. */
const multiRegions: Readonly<Record<string, { readonly home: string; readonly prefix: string }>> = {
  US: { home: 'us-central1', prefix: 'us-' },
  EU: { home: 'europe-west1', prefix: 'europe-' },
}

/** The region of the function and of both buckets: beside the datasets, so that nothing is paid for crossing. */
export function functionRegion({ region, location }: Pick<Bridge['google'], 'region' | 'location'>): string {
  return region ?? multiRegions[location.toUpperCase()]?.home ?? location.toLowerCase()
}

/**
 * Datasets in another region than the function would cost egress and latency for every append; Storage Transfer
 * takes AWS's commercial and GovCloud partitions, not China's.
 */
export function locationFaults(google: Bridge['google'], aws: Bridge['aws']): string[] {
  const region = functionRegion(google)
  const multi = multiRegions[google.location.toUpperCase()]
  const inside = multi ? region.startsWith(multi.prefix) : region === google.location.toLowerCase()
  return [
    ...(multi || /^[a-z]+-[a-z]+\d+$/i.test(google.location)
      ? []
      : [`google.location: ${google.location} is no location of BigQuery, such as US, EU or europe-west1`]),
    ...(inside ? [] : [`google.region: ${region} is not in google.location, ${google.location}`]),
    ...(aws.region.startsWith('cn-')
      ? [`aws.region: Storage Transfer does not read buckets of China's regions (${aws.region})`]
      : []),
  ]
}
