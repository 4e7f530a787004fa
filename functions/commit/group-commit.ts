/**
 * Group commit: objects that are ready at the same time share streams, a seal and a commit, as transactions share a
 * write to a database's log.
 *
 * One group is under way at a time; while it is, the next one fills. An object that comes alone does not wait. When
 * the budget of streams runs short, a group waits for it, open, and so grows instead of failing.
 */
import { randomUUID } from 'node:crypto'
import { Failure, type FailureCode } from '../model/failure.ts'
import { tableKey } from '../model/table.ts'
import type { GroupTools, Member, MemberResult } from './group.ts'
import { runGroup } from './group.ts'

interface Joined {
  readonly member: Member
  readonly settle: (result: MemberResult) => void
}

interface OpenGroup {
  readonly joined: Joined[]
  bytes: number
  /** Takes no more members. */
  closed: boolean
}

/** Bytes of rows in one group, at most: what the streams of a group hold back when it fails. */
const groupBytes = 64 * 1024 * 1024
/** Members of one group, at most: their records are in its seal. */
const groupMembers = 500

export class GroupCommit {
  readonly #tools: GroupTools
  readonly #waiting: OpenGroup[] = []
  #running = false

  constructor(tools: GroupTools) {
    this.#tools = tools
  }

  /** Loads an object with whatever group comes next. Never rejects: a failure is a result. */
  submit(member: Member): Promise<MemberResult> {
    const { promise, resolve } = Promise.withResolvers<MemberResult>()
    this.#join({ member, settle: resolve }, false)
    if (!this.#running) {
      this.#running = true
      this.#run().then(
        () => undefined,
        (error: unknown) => this.#fail(error),
      )
    }
    return promise
  }

  #join(joined: Joined, alone: boolean): void {
    const last = this.#waiting.at(-1)
    const fits =
      last &&
      !last.closed &&
      last.joined.length < groupMembers &&
      last.bytes + joined.member.bytes <= groupBytes
    if (fits && !alone) {
      last.joined.push(joined)
      last.bytes += joined.member.bytes
    } else this.#waiting.push({ joined: [joined], bytes: joined.member.bytes, closed: alone })
  }

  async #run(): Promise<void> {
    // Objects that became ready in the same turn go together.
    await Promise.resolve()
    for (let group = this.#waiting[0]; group; group = this.#waiting[0]) {
      await this.#tools.budget.room(tablesOf(group))
      group.closed = true
      this.#waiting.shift()
      await this.#runOne(group)
    }
    this.#running = false
  }

  async #runOne({ joined }: OpenGroup): Promise<void> {
    const members = joined.map(({ member }) => member)
    const results = await runGroup(`${randomUUID()}`, members, this.#tools)
    for (const one of joined) {
      const result = results.get(one.member)
      if (result === undefined) throw new Error(`no result for ${one.member.hash}`)
      // A row BigQuery refuses fails the group it is in: alone, only the object it came with.
      if (refused(result) && joined.length > 1) this.#join(one, true)
      else one.settle(result)
    }
  }

  #fail(error: unknown): void {
    this.#running = false
    for (const { joined } of this.#waiting.splice(0)) {
      for (const { settle } of joined) settle({ kind: 'failed', error })
    }
  }
}

const refusals: ReadonlySet<FailureCode> = new Set(['append_refused'])

function refused(result: MemberResult): boolean {
  return result.kind === 'failed' && result.error instanceof Failure && refusals.has(result.error.code)
}

function tablesOf({ joined }: OpenGroup): number {
  return new Set(joined.flatMap(({ member }) => member.rows.map(({ table }) => tableKey(table)))).size
}
