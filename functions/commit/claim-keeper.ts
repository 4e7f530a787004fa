import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import { allLimited } from '../model/limited.ts'
import type { Ledger } from './ledger.ts'

export interface ClaimKeeperTools {
  readonly ledger: Ledger
  readonly clock: Clock
  /** Milliseconds a claim stays young. */
  readonly leaseMs: number
}

/** Claims renewed at once. */
const concurrency = 32

/**
 * Keeps the claims of a group young for as long as the group lives: one that waits for its streams, or reads a large
 * object, is not taken for dead. A group that is done within a third of the lease never renews.
 */
export class ClaimKeeper {
  readonly #group: string
  readonly #tools: ClaimKeeperTools
  /** The generation of each claim, by the object's name in the ledger. */
  readonly #claims = new Map<string, string>()
  #ended = false
  #lost = false

  constructor(group: string, tools: ClaimKeeperTools) {
    this.#group = group
    this.#tools = tools
    this.#keep().then(
      () => undefined,
      // A claim that was not renewed grows old. At worst the group is fenced; then its seal is refused.
      () => this.end(),
    )
  }

  /** Keeps one more claim young. */
  add(hash: string, generation: string): void {
    this.#claims.set(hash, generation)
  }

  /** @throws Failure when another owner has taken over: going on would be for nothing. */
  throwIfLost(): void {
    if (this.#lost) throw new Failure('system', 'commit', 'fenced', `group ${this.#group} lost its claim`)
  }

  end(): void {
    this.#ended = true
  }

  async #keep(): Promise<void> {
    for (;;) {
      await this.#tools.clock.sleep(this.#tools.leaseMs / 3)
      if (this.#ended) return
      const failures = await allLimited([...this.#claims], concurrency, async ([hash, generation]) => {
        const renewed = await this.#tools.ledger.renew(hash, this.#group, generation)
        if (renewed === undefined) this.#lost = true
        else this.#claims.set(hash, renewed)
      })
      if (this.#ended || this.#lost || failures.length > 0) return
    }
  }
}
