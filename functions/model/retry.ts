import type { Clock } from './clock.ts'

/** How long and how often something is tried again. Milliseconds. */
export interface RetryPolicy {
  readonly firstDelayMs: number
  readonly longestDelayMs: number
  /** From the first try; no new try begins later. */
  readonly deadlineMs: number
}

/** Tries of one thing: waits longer each time, with jitter, until the deadline. */
export class Retries {
  readonly #policy: RetryPolicy
  readonly #clock: Clock
  readonly #startedAt: number
  #count = 0

  constructor(policy: RetryPolicy, clock: Clock) {
    this.#policy = policy
    this.#clock = clock
    this.#startedAt = clock.now()
  }

  /** Waits for the next try; false when the deadline does not leave room for one. */
  async again(): Promise<boolean> {
    const ceiling = Math.min(this.#policy.longestDelayMs, this.#policy.firstDelayMs * 2 ** this.#count)
    const delay = ceiling * (0.5 + this.#clock.random() / 2)
    if (this.#clock.now() + delay - this.#startedAt > this.#policy.deadlineMs) return false
    this.#count += 1
    await this.#clock.sleep(delay)
    return true
  }
}
