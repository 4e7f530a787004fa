import { Failure, messageOf } from '../model/failure.ts'
import { type RetryTools, retrying, TryAgain } from '../model/retry.ts'
import { type LedgerStore, LedgerStoreError, type Stored } from './ledger-store.ts'

export interface RetryingStoreTools extends RetryTools {
  readonly store: LedgerStore
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

  #trying<T>(name: string, call: (store: LedgerStore) => Promise<T>): Promise<T> {
    return retrying(this.#tools, async () => {
      try {
        return await call(this.#tools.store)
      } catch (error) {
        if (!(error instanceof LedgerStoreError)) throw error
        const what = `ledger ${name}: ${messageOf(error)}`
        const failure = new Failure('system', 'commit', 'ledger_unavailable', what, error)
        if (error.retryable) return new TryAgain(failure)
        throw failure
      }
    })
  }
}
