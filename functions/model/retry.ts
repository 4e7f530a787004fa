import type { Clock } from './clock.ts'

/** How long and how often something is tried again. Milliseconds. */
export interface RetryPolicy {
  readonly firstDelayMs: number
  readonly longestDelayMs: number
  /** From the beginning of the first try; no new try begins later. */
  readonly deadlineMs: number
}

/** What retries need. */
export interface RetryTools {
  readonly clock: Clock
  readonly retry: RetryPolicy
}

/** A try that failed, where another may succeed. */
export class TryAgain {
  /** What to throw when there is no time for another try. */
  readonly failure: unknown
  /** How many times longer than usual to wait before it. */
  readonly delayFactor: number

  constructor(failure: unknown, delayFactor = 1) {
    this.failure = failure
    this.delayFactor = delayFactor
  }
}

/**
 * Tries until a result is there: waits longer each time, with jitter.
 * @throws whatever a try throws, at once; the failure of the last try when the deadline leaves no room for another.
 */
export async function retrying<T>(
  { retry, clock }: RetryTools,
  attempt: () => Promise<T | TryAgain>,
): Promise<T> {
  const startedAt = clock.now()
  for (let tries = 0; ; tries += 1) {
    const result = await attempt()
    if (!(result instanceof TryAgain)) return result
    const ceiling = Math.min(retry.longestDelayMs, retry.firstDelayMs * result.delayFactor * 2 ** tries)
    const delay = ceiling * (0.5 + clock.random() / 2)
    if (clock.now() + delay - startedAt > retry.deadlineMs) throw result.failure
    await clock.sleep(delay)
  }
}
