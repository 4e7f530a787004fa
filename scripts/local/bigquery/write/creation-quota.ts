import { status } from '@grpc/grpc-js'
import { WriteError } from './write-error.ts'

const hourMillis = 3_600_000

/** The limit on CreateWriteStream calls in any one hour. */
export class CreationQuota {
  readonly #perHour: number
  readonly #now: () => number
  #times: number[] = []

  constructor(perHour: number, now: () => number) {
    this.#perHour = perHour
    this.#now = now
  }

  /** Takes one call's worth, or throws RESOURCE_EXHAUSTED. */
  take(): void {
    const now = this.#now()
    const oldest = this.#times.findIndex((time) => time > now - hourMillis)
    this.#times = oldest < 0 ? [] : oldest === 0 ? this.#times : this.#times.slice(oldest)
    if (this.#times.length >= this.#perHour) {
      throw new WriteError(
        status.RESOURCE_EXHAUSTED,
        `Exceeds 'CreateWriteStream requests' quota: ${this.#perHour} an hour.`,
      )
    }
    this.#times.push(now)
  }
}
