import type { Clock } from './clock.ts'

/**
 * Hands out tokens at a rate, with a burst up to its capacity. First come, first served: each caller has its place and
 * waits once.
 */
export class TokenBucket {
  readonly #capacity: number
  readonly #perMilli: number
  readonly #clock: Pick<Clock, 'now'>
  /** Below zero: handed out ahead of time. */
  #tokens: number
  #filledAt: number

  /** @param capacity tokens that can be had at once. @param perMilli tokens that come back each millisecond. */
  constructor(capacity: number, perMilli: number, clock: Pick<Clock, 'now'>) {
    this.#capacity = Math.max(1, capacity)
    this.#perMilli = perMilli
    this.#clock = clock
    this.#tokens = this.#capacity
    this.#filledAt = clock.now()
  }

  /** Takes a token. Gives the milliseconds after which it may be used. */
  takeToken(): number {
    const now = this.#clock.now()
    this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#filledAt) * this.#perMilli)
    this.#filledAt = now
    this.#tokens -= 1
    // A token within rounding of whole is whole.
    return this.#tokens > -1e-6 ? 0 : Math.ceil(-this.#tokens / this.#perMilli)
  }

  /** Gives a token back that was not used. */
  returnToken(): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + 1)
  }
}
