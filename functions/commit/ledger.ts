/**
 * The ledger: which group loads which object, and which groups count.
 *
 * Two kinds of objects in a bucket, written with preconditions only, so that no lock server is needed:
 *
 *   claims/<object>  names the one group that may load the object, and since when.
 *   groups/<group>   says how the group ended: sealed or aborted. Written once, never changed.
 *
 * An object's states and how it moves between them:
 *
 *   unclaimed --create claim--> claimed by G
 *   claimed by G, groups/G absent, claim young    another owner is at work: come back later
 *   claimed by G, groups/G absent, claim old      fence: create groups/G as aborted
 *   claimed by G, groups/G aborted                take over: replace the claim, generation-matched
 *   claimed by G, groups/G sealed without it      take over: G will never load it
 *   claimed by G, groups/G sealed with it         loaded: committing G's streams again is harmless
 *
 * A group's states: open (nothing written) -> sealed, by its owner, or -> aborted, by anyone. Both are the same
 * create-only write of groups/G, so exactly one of them happens: **sealing is the commit point**. What a group
 * appended before can be seen only after its seal, since only a sealed group's streams are ever committed. An owner
 * that was fenced while it still lived learns so when it seals, and starts over.
 *
 * Clocks decide only how long one waits, never who is right: a claim called old too soon costs work, not rows.
 */
import { createHash } from 'node:crypto'
import type { Clock } from '../model/clock.ts'
import { Failure, messageOf } from '../model/failure.ts'
import type { SourceObject } from '../model/object.ts'
import { Retries, type RetryPolicy } from '../model/retry.ts'
import { type Claim, type GroupEnd, readClaim, readGroupEnd, type SealedGroup } from './ledger-records.ts'
import { type LedgerStore, LedgerStoreError } from './ledger-store.ts'

/** An object's name in the ledger: a hash of what identifies its content. */
export function objectHash({ bucket, key, etag }: Pick<SourceObject, 'bucket' | 'key' | 'etag'>): string {
  return createHash('sha256')
    .update(JSON.stringify([bucket, key, etag]))
    .digest('hex')
}

/** What claiming an object came to. */
export type Claiming =
  | { readonly kind: 'claimed'; readonly generation: string }
  /** Loaded already, by this group. */
  | { readonly kind: 'sealed'; readonly group: SealedGroup }
  /** Another owner is at work. */
  | { readonly kind: 'busy'; readonly group: string }

/** How the ledger waits. */
export interface LedgerTools {
  readonly store: LedgerStore
  readonly clock: Clock
  readonly retry: RetryPolicy
  /** Milliseconds after which a claim without an end is old. */
  readonly lease: number
}

/** Often enough for any honest race: each round another instance moved the claim. */
const mostRounds = 20

export class Ledger {
  readonly #tools: LedgerTools

  constructor(tools: LedgerTools) {
    this.#tools = tools
  }

  /** Claims an object for a group, taking over what a dead owner left. */
  async claim(hash: string, group: string): Promise<Claiming> {
    for (let round = 0; round < mostRounds; round++) {
      const claim: Claim = { group, at: this.#tools.clock.now() }
      const created = await this.#write(`claims/${hash}`, claim)
      if (created.kind === 'written') return { kind: 'claimed', generation: created.generation }
      const found = await this.#read(`claims/${hash}`)
      if (!found) continue
      const held = readClaim(found.body)
      // Our own, from a try whose reply was lost.
      if (held.group === group) return { kind: 'claimed', generation: found.generation }
      const end = await this.#endOf(held)
      if (end.kind === 'busy') return { kind: 'busy', group: held.group }
      if (end.kind === 'sealed' && end.group.members.some((member) => member.hash === hash)) return end
      const taken = await this.#replace(`claims/${hash}`, claim, found.generation)
      if (taken.kind === 'written') return { kind: 'claimed', generation: taken.generation }
    }
    return { kind: 'busy', group: 'contended' }
  }

  /** Makes a claim young again. Gives its new generation; undefined when it is ours no more. */
  async renew(hash: string, group: string, generation: string): Promise<string | undefined> {
    const claim: Claim = { group, at: this.#tools.clock.now() }
    const renewed = await this.#replace(`claims/${hash}`, claim, generation)
    if (renewed.kind === 'written') return renewed.generation
    const found = await this.#read(`claims/${hash}`)
    return found && readClaim(found.body).group === group ? found.generation : undefined
  }

  /** Ends a group by making it count. False when it was fenced: nothing of it may ever be committed. */
  async seal(group: SealedGroup): Promise<boolean> {
    const end = await this.#end(group.id, { state: 'sealed', ...group })
    return end.state === 'sealed'
  }

  /** Ends a group by giving it up. False when it was sealed after all. */
  async abort(group: string): Promise<boolean> {
    const end = await this.#end(group, { state: 'aborted', at: this.#tools.clock.now() })
    return end.state === 'aborted'
  }

  /** Whether a claim's group has ended, ending it when it is old. */
  async #endOf(claim: Claim): Promise<{ kind: 'sealed'; group: SealedGroup } | { kind: 'aborted' | 'busy' }> {
    const found = await this.#read(`groups/${claim.group}`)
    if (!found && this.#tools.clock.now() - claim.at < this.#tools.lease) return { kind: 'busy' }
    const end = found
      ? readGroupEnd(found.body)
      : await this.#end(claim.group, { state: 'aborted', at: this.#tools.clock.now() })
    return end.state === 'sealed' ? { kind: 'sealed', group: end } : { kind: 'aborted' }
  }

  /** Ends a group this way, or finds how it had ended: whoever creates the record decides. */
  async #end(group: string, wanted: GroupEnd): Promise<GroupEnd> {
    const created = await this.#write(`groups/${group}`, wanted)
    if (created.kind === 'written') return wanted
    const found = await this.#read(`groups/${group}`)
    // After a lost reply this is our own record, and says what we wanted.
    if (found) return readGroupEnd(found.body)
    throw new Failure('system', 'commit', 'ledger_unavailable', `groups/${group} is there and cannot be read`)
  }

  #write(name: string, record: Claim | GroupEnd) {
    return this.#trying(name, () => this.#tools.store.create(name, JSON.stringify(record)))
  }

  #replace(name: string, record: Claim, generation: string) {
    return this.#trying(name, () => this.#tools.store.replace(name, JSON.stringify(record), generation))
  }

  #read(name: string) {
    return this.#trying(name, () => this.#tools.store.read(name))
  }

  async #trying<T>(name: string, call: () => Promise<T>): Promise<T> {
    let retries: Retries | undefined
    for (;;) {
      try {
        return await call()
      } catch (error) {
        if (!(error instanceof LedgerStoreError)) throw error
        retries ??= new Retries(this.#tools.retry, this.#tools.clock)
        if (error.retryable && (await retries.again())) continue
        throw new Failure(
          'system',
          'commit',
          'ledger_unavailable',
          `ledger ${name}: ${messageOf(error)}`,
          error,
        )
      }
    }
  }
}
