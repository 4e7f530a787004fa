/**
 * The ledger: which group loads which object, which groups count, and which are done.
 *
 * Three kinds of objects in a bucket, written with preconditions only, so that no lock server is needed:
 *
 *   claims/<object>  names the one group that may load the object, and since when.
 *   groups/<group>   says how the group ended: sealed or aborted. Written once, never changed.
 *   done/<group>     says that nothing is left to do for a sealed group: which of its objects are visible and on record,
 *                    all as a rule. Written once, never changed.
 *
 * An object's states and how it moves between them:
 *
 *   unclaimed --create claim--> claimed by G
 *   claimed by G, done/G with it                  loaded, whatever BigQuery has forgotten since: nothing is left to do
 *   claimed by G, groups/G absent, claim young    another owner is at work: come back later
 *   claimed by G, groups/G absent, claim old      fence: create groups/G as aborted
 *   claimed by G, groups/G aborted                take over: replace the claim, generation-matched
 *   claimed by G, groups/G sealed without it      take over: G will never load it
 *   claimed by G, groups/G sealed with it         loaded: flushing G's streams again is harmless
 *   loaded, yet past saving --forget--> claimed by a group that is aborted
 *   unclaimed or to be taken over --set aside--> the same, claimed by a group of a name of its own
 *
 * An object is set aside before it is recorded as quarantined. Until then somebody may have read it, and hold its rows:
 * only who looked since may claim it, so what is quarantined stays out until a new delivery reads it anew.
 *
 * A group's states: open (nothing written) -> sealed, by its owner, or -> aborted, by anyone. Both are the same
 * create-only write of groups/G, so exactly one of them happens: **sealing is the commit point**. Sealed -> done, by
 * whoever has flushed its streams and written its objects down.
 *
 * What a group appended is seen only after its seal. It is on BUFFERED streams that stand as long as their process and
 * that its groups share, one after the other, so **one rule** is kept: on any stream, everything in front of an offset
 * that may ever be flushed belongs to sealed groups. From it follows the rest:
 *
 *   - A group has its streams to itself until it is sealed; the next may append while this one is being flushed, but
 *     not before: behind rows without a seal there must never be rows with one.
 *   - An owner whose group gets no seal leaves the streams it appended to for new ones: fenced, failed before the seal,
 *     or without an answer to it. In the last case the group may be sealed all the same; then whoever meets a claim of
 *     its objects flushes it, and since nothing was appended behind it, nothing else is shown.
 *   - A crash needs nothing: what was sealed is flushed by whoever meets the claim; what was not is behind the last
 *     flush for ever, as no other process appends to a stream it did not make.
 *   - Flushes may come in any order, twice, and from anyone: each shows rows of sealed groups only.
 *   - A stream is never finalized: a flush of a finalized stream is answered like a wrong one. What is left is dropped
 *     by BigQuery in its time. A stream it has forgotten, or somebody has finalized, takes no rows: the group fails and
 *     goes again, once, on a new one. If that happens between seal and flush, `commit_refused` says so.
 *   - When columns come to a table its stream stays; the connection is opened anew with the new schema.
 *
 * Revisions before standing streams sealed PENDING streams: those are committed instead of flushed, by anyone, too. What
 * this revision seals they cannot read: an object they meet it at is tried again, and by then traffic is here.
 *
 * Clocks decide only how long one waits, never who is right: a claim called old too soon costs work, not rows. How old
 * a claim is, the bucket says.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { Clock } from '../model/clock.ts'
import { Failure } from '../model/failure.ts'
import type { SourceObject } from '../model/object.ts'
import {
  type Claim,
  type DoneGroup,
  type GroupEnd,
  readClaim,
  readDone,
  readGroupEnd,
  type SealedGroup,
} from './ledger-records.ts'
import type { LedgerStore, Stored } from './ledger-store.ts'

/** An object's name in the ledger: a hash of what identifies its content. */
export function objectHash({ bucket, key, etag }: Pick<SourceObject, 'bucket' | 'key' | 'etag'>): string {
  return createHash('sha256')
    .update(JSON.stringify([bucket, key, etag]))
    .digest('hex')
}

/** Where an object stands, when it is not to be loaded now. */
export type Taken =
  /** Its rows are visible and it is on record. */
  | { readonly kind: 'loaded' }
  /** It counts, by this group, which may have to be flushed still; if it is done, the object is past saving. */
  | { readonly kind: 'sealed'; readonly group: SealedGroup; readonly done: DoneGroup | undefined }
  /** Another owner is at work. */
  | { readonly kind: 'busy'; readonly group: string }

/** A group may claim it. */
export interface Free {
  readonly kind: 'free'
  /** What it was set aside by, if it was: to be given when it is claimed. */
  readonly setAside: string | undefined
}

/** What claiming an object came to. */
export type Claiming = { readonly kind: 'claimed'; readonly generation: string } | Taken

/** What the ledger is kept with. */
export interface LedgerTools {
  /** One that tries again itself: see retrying-store.ts. */
  readonly store: LedgerStore
  readonly clock: Pick<Clock, 'now'>
  /** Milliseconds after which a claim without an end is old. */
  readonly leaseMs: number
}

/** Often enough for any honest race: each round another instance moved the claim. */
const mostRounds = 20
const setAsidePrefix = 'set-aside-'

export class Ledger {
  readonly #tools: LedgerTools

  constructor(tools: LedgerTools) {
    this.#tools = tools
  }

  /**
   * Where an object stands; `free` when a group may claim it. A claim whose owner is taken for dead is ended on the
   * way, so what is free is in no group that can still be sealed.
   */
  async look(hash: string): Promise<Taken | Free> {
    const found = await this.#read(`claims/${hash}`)
    return found ? this.#standing(hash, found) : { kind: 'free', setAside: undefined }
  }

  /**
   * Claims an object for a group, taking over what a dead owner left.
   * @param setAside as it was when the object was looked at, before it was read: what was set aside since is busy.
   */
  async claim(hash: string, group: string, setAside: string | undefined): Promise<Claiming> {
    return this.#claim(hash, group, (by) => by === undefined || by === setAside)
  }

  /**
   * Keeps an object out of the tables that was found unfit to load, until a delivery looks at it that begins later. Gives
   * where it stands instead when it is loaded, or being loaded.
   */
  async setAside(hash: string): Promise<Taken | { readonly kind: 'set_aside' }> {
    const group = `${setAsidePrefix}${randomUUID()}`
    await this.abort(group)
    const claiming = await this.#claim(hash, group, () => true)
    return claiming.kind === 'claimed' ? { kind: 'set_aside' } : claiming
  }

  async #claim(
    hash: string,
    group: string,
    mayTake: (setAside: string | undefined) => boolean,
  ): Promise<Claiming> {
    for (let round = 0; round < mostRounds; round++) {
      const created = await this.#write(`claims/${hash}`, this.#claimFor(group))
      if (created.kind === 'written') return { kind: 'claimed', generation: created.generation }
      const found = await this.#read(`claims/${hash}`)
      if (!found) continue
      // Our own, from a try whose reply was lost.
      if (readClaim(found.body).group === group) return { kind: 'claimed', generation: found.generation }
      const standing = await this.#standing(hash, found)
      if (standing.kind !== 'free') return standing
      if (!mayTake(standing.setAside)) return { kind: 'busy', group: readClaim(found.body).group }
      const generation = await this.#takeOver(hash, group, found.generation)
      if (generation !== undefined) return { kind: 'claimed', generation }
    }
    return { kind: 'busy', group: 'contended' }
  }

  /** Makes a claim young again. Gives its new generation; undefined when it is ours no more. */
  async renew(hash: string, group: string, generation: string): Promise<string | undefined> {
    return this.#takeOver(hash, group, generation)
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

  /** Says that a sealed group is done, and which of its members are loaded. */
  async finish({ id }: SealedGroup, members: readonly string[]): Promise<void> {
    await this.#write(`done/${id}`, { at: this.#tools.clock.now(), members: [...members] })
  }

  /**
   * Lets an object be loaded again that is sealed and past saving: BigQuery dropped its rows before they were flushed.
   * Those of its tables that were flushed would be there twice: whoever calls this has looked. False when there is
   * nothing to forget: it is not loaded, or wholly, or another owner is at work.
   */
  async forget(hash: string): Promise<boolean> {
    const found = await this.#read(`claims/${hash}`)
    if (!found || (await this.#standing(hash, found)).kind !== 'sealed') return false
    const group = `forgotten-${randomUUID()}`
    await this.abort(group)
    return (await this.#takeOver(hash, group, found.generation)) !== undefined
  }

  /** What a claim says of its object. */
  async #standing(hash: string, { body, age }: Stored): Promise<Taken | Free> {
    const { group } = readClaim(body)
    const foundDone = await this.#read(`done/${group}`)
    const done = foundDone && readDone(foundDone.body)
    if (done?.members.includes(hash)) return { kind: 'loaded' }
    const found = await this.#read(`groups/${group}`)
    if (!found && age < this.#tools.leaseMs) return { kind: 'busy', group }
    const end = found
      ? readGroupEnd(found.body)
      : await this.#end(group, { state: 'aborted', at: this.#tools.clock.now() })
    const holds = end.state === 'sealed' && end.members.some((member) => member.hash === hash)
    if (holds) return { kind: 'sealed', group: end, done }
    return { kind: 'free', setAside: group.startsWith(setAsidePrefix) ? group : undefined }
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

  #claimFor(group: string): Claim {
    return { group, at: this.#tools.clock.now() }
  }

  /** Writes a claim over this generation of another. Gives the new one; undefined when somebody was faster. */
  async #takeOver(hash: string, group: string, generation: string): Promise<string | undefined> {
    const body = JSON.stringify(this.#claimFor(group))
    const written = await this.#tools.store.replace(`claims/${hash}`, body, generation)
    if (written.kind === 'written') return written.generation
    // After a lost reply it is ours.
    const found = await this.#read(`claims/${hash}`)
    return found && readClaim(found.body).group === group ? found.generation : undefined
  }

  #write(name: string, record: Claim | GroupEnd | DoneGroup) {
    return this.#tools.store.create(name, JSON.stringify(record))
  }

  #read(name: string) {
    return this.#tools.store.read(name)
  }
}
