import { CircuitBreaker } from './model/circuit-breaker.ts'
import type { Clock } from './model/clock.ts'
import { Failure, type FailureCode } from './model/failure.ts'

/**
 * Which dependency a failure is about. Other failures are about the object, one table (which has a breaker of its own, see
 * stream-pool.ts) or another instance, and must not hold up the rest.
 */
const dependencyOf: Partial<Record<FailureCode, Dependency>> = {
  read_failed: 'Cloud Storage',
  ledger_unavailable: 'the ledger bucket',
  append_unavailable: 'BigQuery',
  commit_unavailable: 'BigQuery',
}

type Dependency = 'Cloud Storage' | 'the ledger bucket' | 'BigQuery'

/** A circuit breaker for each of the loader's dependencies. */
export class Breakers {
  readonly #byName: Readonly<Record<Dependency, CircuitBreaker>>

  constructor(clock: Clock) {
    this.#byName = {
      'Cloud Storage': new CircuitBreaker('Cloud Storage', clock),
      'the ledger bucket': new CircuitBreaker('the ledger bucket', clock),
      BigQuery: new CircuitBreaker('BigQuery', clock),
    }
  }

  /** @throws Failure while one of them is left alone: before anything is read or written for nothing. */
  throwIfOpen(): void {
    for (const breaker of Object.values(this.#byName)) breaker.throwIfOpen()
  }

  succeeded(): void {
    for (const breaker of Object.values(this.#byName)) breaker.succeeded()
  }

  failed(error: unknown): void {
    const name = error instanceof Failure ? dependencyOf[error.code] : undefined
    if (name) this.#byName[name].failed()
  }
}
