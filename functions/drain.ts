import { Failure } from './model/failure.ts'

/** Milliseconds for work in flight to end; Cloud Run kills 10 s after SIGTERM. */
const grace = 8_000

/** Takes work while the process may, and on SIGTERM lets what is in flight end before everything is closed. */
export class Drain {
  readonly #close: () => Promise<void>
  readonly #onStop: (inFlight: number) => void
  readonly #inFlight = new Set<Promise<unknown>>()
  #listening = false
  #stopping = false

  /** @param close releases every client and stream. @param onStop gets how many are in flight. */
  constructor(close: () => Promise<void>, onStop: (inFlight: number) => void) {
    this.#close = close
    this.#onStop = onStop
  }

  /** Runs one piece of work. @throws Failure when the process is stopping: the message is delivered again. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#listen()
    if (this.#stopping) throw new Failure('system', 'finalize', 'shutting_down', 'this instance is stopping')
    const running = work()
    this.#inFlight.add(running)
    try {
      return await running
    } finally {
      this.#inFlight.delete(running)
    }
  }

  /** functions-framework exits at once on SIGTERM, by listeners it adds once it listens: replaced with the first event. */
  #listen(): void {
    if (this.#listening) return
    this.#listening = true
    process.removeAllListeners('SIGTERM')
    process.once('SIGTERM', () => {
      this.#stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }

  async #stop(): Promise<void> {
    this.#stopping = true
    this.#onStop(this.#inFlight.size)
    const late = new Promise((resolve) => setTimeout(resolve, grace).unref())
    await Promise.race([Promise.allSettled(this.#inFlight), late])
    await this.#close()
  }
}
