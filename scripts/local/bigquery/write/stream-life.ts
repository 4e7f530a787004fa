import type { WriteStream } from './write-stream.ts'

/**
 * How long streams are kept that nobody uses.
 *
 * "A buffered stream by default has a TTL of seven days if there is no traffic on the stream", quotes
 * https://github.com/googleapis/java-bigquerystorage/issues/2198. Of PENDING streams nothing is said: that they have the
 * same, committed or not, is a guess. COMMITTED ones, of which the same page says four days, are kept for good here.
 */
export class StreamLife {
  readonly #millis: number
  readonly #now: () => number

  constructor(millis: number, now: () => number) {
    this.#millis = millis
    this.#now = now
  }

  /** To be called for every request that names the stream, but for GetWriteStream: looking at it is no traffic here. */
  prolong(stream: WriteStream): void {
    stream.usedAt = this.#now()
  }

  isOver({ type, usedAt }: WriteStream): boolean {
    return type !== 'COMMITTED' && this.#now() - usedAt >= this.#millis
  }
}
