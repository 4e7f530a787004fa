import type { Clock } from './clock.ts'
import { Failure } from './failure.ts'

/** Failures in a row that open the breaker. */
const threshold = 5
const coolDownMs = 30_000

/**
 * Leaves a dependency alone that keeps failing: a missing permission costs a handful of calls and an alert, not a storm
 * of calls. While it is open it refuses; after the cool-down, one call at a time tries whether the dependency is back.
 */
export class CircuitBreaker {
  readonly #name: string
  readonly #clock: Clock
  #failures = 0
  #openUntil = 0

  /** @param name of the dependency, for the message. */
  constructor(name: string, clock: Clock) {
    this.#name = name
    this.#clock = clock
  }

  /** @throws Failure while the dependency is left alone. */
  throwIfOpen(): void {
    if (this.#failures < threshold) return
    if (this.#clock.now() >= this.#openUntil) {
      // This one tries; the others wait for what comes of it.
      this.#openUntil = this.#clock.now() + coolDownMs
      return
    }
    const seconds = Math.ceil((this.#openUntil - this.#clock.now()) / 1000)
    const what = `${this.#name} failed ${this.#failures} times in a row: left alone for ${seconds} s`
    throw new Failure('system', 'finalize', 'circuit_open', what)
  }

  succeeded(): void {
    this.#failures = 0
  }

  failed(): void {
    this.#failures += 1
    if (this.#failures === threshold) this.#openUntil = this.#clock.now() + coolDownMs
  }
}
