import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import { TokenBucket } from '../model/token-bucket.ts'

/** https://cloud.google.com/bigquery/quotas#write-api-limits (November 2026): CreateWriteStream, a project and region. */
export const streamsAnHour = 10_000
/**
 * https://docs.cloud.google.com/bigquery/docs/write-api-best-practices (November 2026): beyond 40 to 50 calls of
 * CreateWriteStream a second each takes long.
 */
export const streamsASecond = 40

const hour = 3_600_000
/** An instance that starts may use so many seconds' worth of its share at once: instances rarely start together. */
const burstSeconds = 30

/**
 * One instance's share of the streams that may be made. It guards against many starts, and against failures that cost
 * streams. Half the hour's share is there at once, and half of it comes back each hour: so no hour, wherever it begins,
 * sees more than the share. The calls a second are shared alike, thirty seconds' worth at once.
 */
export class StreamBudget {
  readonly #clock: Clock
  readonly #buckets: readonly TokenBucket[]

  /** @param share of the project's streams for this instance, in (0, 1]. */
  constructor(share: number, clock: Clock) {
    this.#clock = clock
    const anHour = Math.max(1, streamsAnHour * share)
    const aSecond = streamsASecond * share
    this.#buckets = [
      new TokenBucket(anHour / 2, anHour / 2 / hour, clock),
      new TokenBucket(aSecond * burstSeconds, aSecond / 1000, clock),
    ]
  }

  /**
   * Waits until one more stream may be made. @param longestWaitMs in milliseconds.
   * @throws Failure when it would take longer: nothing is used up then.
   */
  async acquireStream(longestWaitMs: number): Promise<void> {
    const wait = Math.max(...this.#buckets.map((bucket) => bucket.takeToken()))
    if (wait === 0) return
    if (wait <= longestWaitMs) return this.#clock.sleep(wait)
    for (const bucket of this.#buckets) bucket.returnToken()
    const seconds = Math.ceil(wait / 1000)
    const what = `this instance has used its share of new streams: the next one can be made in ${seconds} s`
    throw new Failure('system', 'append', 'streams_exhausted', what)
  }
}
