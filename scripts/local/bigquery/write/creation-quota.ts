import { status } from '@grpc/grpc-js'
import { WriteError } from './write-error.ts'

const minuteMillis = 60_000
const hourMillis = 60 * minuteMillis

export interface CreationLimits {
  readonly perHour: number
  readonly perMinute: number
}

/**
 * The limits on CreateWriteStream calls in any one hour and minute. Calls they let through count, whatever becomes of
 * them; refused ones do not: the service's own message speaks of tokens that do not suffice.
 */
export class CreationQuota {
  readonly #limits: CreationLimits
  readonly #now: () => number
  #times: number[] = []

  constructor(limits: CreationLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  /** Takes one call's worth, or throws RESOURCE_EXHAUSTED. */
  take(): void {
    const { perHour, perMinute } = this.#limits
    const now = this.#now()
    this.#times = this.#times.slice(this.#since(now - hourMillis))
    // Both wordings are the service's: see https://github.com/broadinstitute/gatk/pull/8649 and
    // https://github.com/GoogleCloudDataproc/spark-bigquery-connector/issues/594.
    if (this.#times.length >= perHour) throw exceeded('CreateWriteStream requests', `${perHour} an hour`)
    if (this.#times.length - this.#since(now - minuteMillis) >= perMinute) {
      throw exceeded('CreateWriteStream requests per minute', `${perMinute} a minute`)
    }
    this.#times.push(now)
  }

  /** Position of the first call after `time`. */
  #since(time: number): number {
    const found = this.#times.findLastIndex((taken) => taken <= time)
    return found + 1
  }
}

function exceeded(quota: string, limit: string): WriteError {
  return new WriteError(status.RESOURCE_EXHAUSTED, `Exceeds '${quota}' quota: ${limit}.`)
}
