export interface Quantiles {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** Nearest rank: the smallest value with at least `q` of all values at or below it. Always one of the values. */
export function quantile(ascending: readonly number[], q: number): number {
  const rank = Math.max(1, Math.ceil(q * ascending.length))
  const value = ascending[rank - 1]
  if (value === undefined) throw new RangeError(`no quantile ${q} of ${ascending.length} values`)
  return value
}

/** Undefined for no values. */
export function quantiles(values: readonly number[]): Quantiles | undefined {
  if (values.length === 0) return undefined
  const ascending = values.toSorted((a, b) => a - b)
  return {
    p50: quantile(ascending, 0.5),
    p90: quantile(ascending, 0.9),
    p99: quantile(ascending, 0.99),
    max: quantile(ascending, 1),
  }
}
