export interface PushWindowLimits {
  /** Pushes outstanding at most at the start. */
  readonly initial: number
  readonly maximum: number
}

/**
 * How many pushes may be outstanding to one endpoint: grows by one with every success, shrinks by a fifth with
 * every failure, as the real service's slow start does in kind (its numbers are not published). While the
 * endpoint cannot be reached at all there are pauses of 100 ms, doubling to 5 s (60 s in the real service).
 */
export class PushWindow {
  readonly #maximum: number
  #size: number
  #pauseMs = 0
  #pausedUntil = 0

  constructor({ initial, maximum }: PushWindowLimits) {
    this.#size = initial
    this.#maximum = maximum
  }

  /** Pushes that may be outstanding now: none during a pause. */
  size(now: number): number {
    return now < this.#pausedUntil ? 0 : this.#size
  }

  pausedUntil(): number {
    return this.#pausedUntil
  }

  succeeded(): void {
    this.#size = Math.min(this.#maximum, this.#size + 1)
    this.#pauseMs = 0
  }

  failed(): void {
    this.#size = Math.max(1, Math.floor(this.#size * 0.8))
    this.#pauseMs = 0
  }

  /** The pushes outstanding when an endpoint goes down all fail; they count as one sign of it. */
  unreachable(now: number): void {
    this.#size = Math.max(1, Math.floor(this.#size * 0.8))
    if (now < this.#pausedUntil) return
    this.#pauseMs = Math.min(5_000, Math.max(100, this.#pauseMs * 2))
    this.#pausedUntil = now + this.#pauseMs
  }
}
