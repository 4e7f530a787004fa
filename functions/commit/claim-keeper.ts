import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import type { Ledger } from './ledger.ts'

export interface ClaimKeeperTools {
  readonly ledger: Ledger
  readonly clock: Clock
  /** Milliseconds a claim stays young. */
  readonly lease: number
}

/**
 * Keeps the claims of a group young for as long as the group lives: one that waits for its streams, or reads a large
 * object, is not taken for dead. A group that is done within a third of the lease never renews.
 */
export class ClaimKeeper {
  readonly #group: string
  readonly #tools: ClaimKeeperTools
  readonly #claims: Map<string, string>
  #ended = false
  #lost = false

  /** @param claims the generation of each claim, by the object's name in the ledger. */
  constructor(group: string, claims: ReadonlyMap<string, string>, tools: ClaimKeeperTools) {
    this.#group = group
    this.#claims = new Map(claims)
    this.#tools = tools
    this.#keep().then(
      () => undefined,
      // What was not renewed grows old: the worst is to be fenced, and sealing tells.
      () => this.end(),
    )
  }

  /** @throws Failure when another owner has taken over: going on would be for nothing. */
  check(): void {
    if (this.#lost) throw new Failure('system', 'commit', 'fenced', `group ${this.#group} lost its claim`)
  }

  end(): void {
    this.#ended = true
  }

  async #keep(): Promise<void> {
    for (;;) {
      await this.#tools.clock.sleep(this.#tools.lease / 3)
      if (this.#ended) return
      for (const [hash, generation] of this.#claims) {
        const renewed = await this.#tools.ledger.renew(hash, this.#group, generation)
        if (renewed === undefined) this.#lost = true
        else this.#claims.set(hash, renewed)
        if (this.#ended || this.#lost) return
      }
    }
  }
}
