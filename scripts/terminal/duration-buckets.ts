const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** Bounds people read without counting zeros, in ms; each is two to three times the one before. */
export const durationSteps: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 30].map((n) => n * minute),
  ...[1, 2, 5, 10, 24, 72, 168].map((n) => n * hour),
]

/** Values from `fromMs` up to but not including `toMs`. The last bucket has no upper bound. */
export interface DurationBucket {
  readonly fromMs: number
  readonly toMs: number | null
  readonly count: number
}

/** Every bucket from 0 ms up, including the empty ones; the counts add up to the number of values. */
export function durationBuckets(values: readonly number[]): readonly DurationBucket[] {
  const bounds = [0, ...durationSteps]
  const counts = bounds.map(() => 0)
  for (const value of values) {
    const index = Math.max(
      0,
      bounds.findLastIndex((bound) => bound <= value),
    )
    counts[index] = (counts[index] ?? 0) + 1
  }
  return bounds.map((fromMs, index) => ({
    fromMs,
    toMs: bounds[index + 1] ?? null,
    count: counts[index] ?? 0,
  }))
}

/** Drops the empty buckets at both ends. */
export function occupied(buckets: readonly DurationBucket[]): readonly DurationBucket[] {
  const isOccupied = (bucket: DurationBucket) => bucket.count > 0
  const first = buckets.findIndex(isOccupied)
  return first === -1 ? [] : buckets.slice(first, buckets.findLastIndex(isOccupied) + 1)
}
