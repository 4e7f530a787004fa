const dayMicros = 86_400_000_000
const yearMicros = 365.25 * dayMicros

/**
 * The times BigQuery has a partition for. Rows of a column-partitioned table must lie between 10 years past and 1 year
 * ahead, or the append fails: https://docs.cloud.google.com/bigquery/docs/write-api (November 2026). A day is kept clear at each end.
 */
export class EventTimeRange {
  readonly #oldest: number
  readonly #newest: number

  constructor(nowMicros: number) {
    this.#oldest = nowMicros - 10 * yearMicros + dayMicros
    this.#newest = nowMicros + yearMicros - dayMicros
  }

  takes(micros: number): boolean {
    return micros >= this.#oldest && micros <= this.#newest
  }
}
