import { type DurationBucket, durationBuckets, occupied } from '../terminal/duration-buckets.ts'
import { type Quantiles, quantiles } from '../terminal/quantiles.ts'
import { type HopLatency, type HopName, objectCount } from './hop-latency.ts'

/** The JSON form. Fields are only ever added; a change of meaning changes `version`. */
export interface LatencyDocument {
  readonly version: 1
  readonly unit: 'ms'
  readonly objects: number
  /** event, transfer, notification, load, total: always five, in this order. */
  readonly hops: readonly HopDocument[]
}

export interface HopDocument {
  readonly hop: HopName
  readonly count: number
  /** Negative values, counted as 0 ms. */
  readonly clamped: number
  /** Objects whose event time is not known; 0 on every hop but `event`. */
  readonly includedInTransfer: number
  /** By nearest rank; null when there are no values. */
  readonly quantiles: Quantiles | null
  /** From the first occupied bucket to the last; counts add up to `count`. Bounds do not depend on the data. */
  readonly buckets: readonly DurationBucket[]
}

export function latencyDocument(hops: readonly HopLatency[]): LatencyDocument {
  return {
    version: 1,
    unit: 'ms',
    objects: objectCount(hops),
    hops: hops.map(({ hop, values, clamped, includedInTransfer }) => ({
      hop,
      count: values.length,
      clamped,
      includedInTransfer,
      quantiles: quantiles(values) ?? null,
      buckets: occupied(durationBuckets(values)),
    })),
  }
}

/** The document as text, ending in a line break. */
export function latencyJson(hops: readonly HopLatency[]): string {
  return `${JSON.stringify(latencyDocument(hops), null, 2)}\n`
}
