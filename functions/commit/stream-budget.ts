import type { Clock } from '../model/clock.ts'

/** https://cloud.google.com/bigquery/quotas#write-api-limits (November 2026): CreateWriteStream, a project and region. */
export const streamsAnHour = 10_000

const hour = 3_600_000

/**
 * One instance's share of the streams that may be made.
 *
 * A bucket of tokens: half the share to begin with and half of it again each hour, so that no hour, wherever it
 * begins, sees more than the share.
 */
export class StreamBudget {
  readonly #clock: Clock
  readonly #capacity: number
  #tokens: number
  #filledAt: number

  /** @param share streams an hour for this instance. */
  constructor(share: number, clock: Clock) {
    this.#clock = clock
    this.#capacity = Math.max(1, share / 2)
    this.#tokens = this.#capacity
    this.#filledAt = clock.now()
  }

  /** Waits until so many streams may be made, or the bucket is full. Takes none. */
  async room(streams: number): Promise<void> {
    for (let wait = this.#waitFor(streams); wait > 0; wait = this.#waitFor(streams))
      await this.#clock.sleep(wait)
  }

  /** Takes a token, waiting for it. */
  async take(): Promise<void> {
    // Others may have been faster while this one waited.
    do await this.room(1)
    while (this.#waitFor(1) > 0)
    this.#tokens -= 1
  }

  #waitFor(streams: number): number {
    const now = this.#clock.now()
    const perMilli = this.#capacity / hour
    this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#filledAt) * perMilli)
    this.#filledAt = now
    const missing = Math.min(streams, this.#capacity) - this.#tokens
    // A token within rounding of whole is whole: otherwise the wait for it could round to nothing, for ever.
    return missing < 1e-6 ? 0 : Math.ceil(missing / perMilli)
  }
}
