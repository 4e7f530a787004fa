import type { Clock } from '../model/clock.ts'
import { Failure, messageOf } from '../model/failure.ts'
import { Retries, type RetryPolicy } from '../model/retry.ts'
import { type LedgerStore, LedgerStoreError, type Stored } from './ledger-store.ts'

export interface RetryingStoreTools {
  readonly store: LedgerStore
  readonly clock: Clock
  readonly retry: RetryPolicy
}

/**
 * A ledger store that tries again while that may help. A write whose reply was lost is then answered `exists` or
 * `changed` though it took effect: whoever needs to know reads what is there.
 * Every method fails with a Failure `ledger_unavailable`.
 */
export class RetryingStore implements LedgerStore {
  readonly #tools: RetryingStoreTools

  constructor(tools: RetryingStoreTools) {
    this.#tools = tools
  }

  create(name: string, body: string): ReturnType<LedgerStore['create']> {
    return this.#trying(name, (store) => store.create(name, body))
  }

  replace(name: string, body: string, generation: string): ReturnType<LedgerStore['replace']> {
    return this.#trying(name, (store) => store.replace(name, body, generation))
  }

  read(name: string): Promise<Stored | undefined> {
    return this.#trying(name, (store) => store.read(name))
  }

  async #trying<T>(name: string, call: (store: LedgerStore) => Promise<T>): Promise<T> {
    const { store, clock, retry } = this.#tools
    const retries = new Retries(retry, clock)
    for (;;) {
      try {
        return await call(store)
      } catch (error) {
        if (!(error instanceof LedgerStoreError)) throw error
        if (error.retryable && (await retries.again())) continue
        const what = `ledger ${name}: ${messageOf(error)}`
        throw new Failure('system', 'commit', 'ledger_unavailable', what, error)
      }
    }
  }
}
