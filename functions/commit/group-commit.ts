/**
 * Group commit: objects that are ready at the same time share appends, a seal and flushes, as transactions share a
 * write to a database's log.
 *
 * One group is under way at a time; while it is, the next one fills. An object that comes alone does not wait. Objects of
 * groups that failed are tried aside: those whose rows BigQuery refused each alone, the others together. They hold up
 * nobody, as every group has its streams to itself.
 */
import { randomUUID } from 'node:crypto'
import { Failure, messageOf } from '../model/failure.ts'
import { Semaphore } from '../model/semaphore.ts'
import { type GroupResult, type GroupTools, type Member, type MemberResult, runGroup } from './group.ts'

interface Joined {
  readonly member: Member
  readonly settle: (result: MemberResult) => void
  /** Groups it was in that failed through no fault of its own. */
  readonly mishaps: number
}

interface OpenGroup {
  /** By name in the ledger: two members of one name would both hold the one claim, and both be loaded. */
  readonly joined: Map<string, Joined>
  bytes: number
}

/** Bytes of rows in one group, at most: what a group holds back when it fails. */
const groupBytes = 64 * 1024 * 1024
/** Members of one group, at most: their records are in its seal. */
const groupMembers = 500
/** Groups that go aside at a time. */
const mostAside = 4
/** Most objects to remember whose rows were refused: they do not fail a group again. */
const mostSuspects = 10_000
/** After so many failed groups that were not its fault, a member is delivered again later. */
const mostMishaps = 3

export class GroupCommit {
  readonly #tools: GroupTools
  readonly #waiting: OpenGroup[] = []
  readonly #asideSemaphore = new Semaphore(mostAside)
  readonly #suspects = new Set<string>()
  #running = false

  constructor(tools: GroupTools) {
    this.#tools = tools
  }

  /** Loads an object with whatever group comes next. Never rejects: a failure is a result. */
  submit(member: Member): Promise<MemberResult> {
    const { promise, resolve } = Promise.withResolvers<MemberResult>()
    const joined = { member, settle: resolve, mishaps: 0 }
    if (this.#suspects.has(member.hash)) {
      void this.#runAside([joined])
      return promise
    }
    this.#join(joined)
    if (!this.#running) {
      this.#running = true
      void this.#run()
    }
    return promise
  }

  #join(joined: Joined): void {
    const { hash, bytes } = joined.member
    const last = this.#waiting.at(-1)
    const fits =
      last && !last.joined.has(hash) && last.joined.size < groupMembers && last.bytes + bytes <= groupBytes
    if (fits) {
      last.joined.set(hash, joined)
      last.bytes += bytes
    } else this.#waiting.push({ joined: new Map([[hash, joined]]), bytes })
  }

  /** Runs a group of these members that takes no others, beside the one under way. */
  async #runAside(joined: readonly Joined[]): Promise<void> {
    if (joined.length === 0) return
    const giveBack = await this.#asideSemaphore.acquire(1)
    await this.#runOne(joined)
    giveBack()
  }

  async #run(): Promise<void> {
    // Objects that became ready in the same turn go together.
    await Promise.resolve()
    for (let group = this.#waiting.shift(); group; group = this.#waiting.shift())
      await this.#runOne([...group.joined.values()])
    this.#running = false
  }

  /** Never rejects. */
  async #runOne(joined: readonly Joined[]): Promise<void> {
    const members = joined.map(({ member }) => member)
    try {
      const results = await runGroup(randomUUID(), members, this.#tools)
      const unlucky = joined.filter((one) => this.#goesAgain(one, results.get(one.member), joined.length > 1))
      // Those that were at fault are not among them.
      void this.#runAside(unlucky.map((one) => ({ ...one, mishaps: one.mishaps + 1 })))
    } catch (error) {
      // Nobody foresaw this one. It must not keep objects waiting for ever.
      for (const { settle } of joined) settle({ kind: 'failed', error })
    }
  }

  /** Settles a member by what became of it in its group; true when it is to go again with the others that failed. */
  #goesAgain(one: Joined, result: GroupResult | undefined, hadOthers: boolean): boolean {
    const { member, settle, mishaps } = one
    if (result === undefined) throw new Error(`no result for ${member.hash}`)
    if (result.kind === 'unlucky') {
      if (mishaps < mostMishaps) return true
      settle({ kind: 'failed', error: mishap(result.error) })
    } else if (isRefusal(result)) {
      // A row BigQuery refuses fails all that shares its table. Alone, it fails only its own object.
      if (this.#suspects.size < mostSuspects) this.#suspects.add(member.hash)
      if (hadOthers) void this.#runAside([one])
      else settle(result)
    } else {
      this.#suspects.delete(member.hash)
      settle(result)
    }
    return false
  }
}

/** Whatever was wrong with the others, this object is to be tried again. */
function mishap(error: unknown): Failure {
  return new Failure('system', 'append', 'group_failed', `its group failed: ${messageOf(error)}`, error)
}

function isRefusal(result: GroupResult): boolean {
  return result.kind === 'failed' && result.error instanceof Failure && result.error.code === 'append_refused'
}
