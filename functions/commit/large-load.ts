/**
 * Stages append and commit for one large object: it has a group of its own, is claimed first, and its rows are
 * appended as they are read, in bounded memory.
 */
import { randomUUID } from 'node:crypto'
import type { Row } from '../model/column.ts'
import type { TableRows } from '../split/table-rows.ts'
import { ClaimKeeper } from './claim-keeper.ts'
import { type GroupTools, giveUp, type MemberResult, meetClaim, sealAndPublish } from './group.ts'
import { GroupWriter } from './group-writer.ts'

/** A large object's group, claimed. One caller at a time; ends with `commit` or `abandon`. */
export class LargeLoad {
  readonly #hash: string
  readonly #id: string
  readonly #tools: GroupTools
  readonly #writer: GroupWriter
  readonly #keeper: ClaimKeeper

  private constructor(hash: string, id: string, generation: string, tools: GroupTools) {
    this.#hash = hash
    this.#id = id
    this.#tools = tools
    this.#writer = new GroupWriter(tools)
    this.#keeper = new ClaimKeeper(id, new Map([[hash, generation]]), tools)
  }

  /** Claims the object. Gives a result instead when it is not ours to load. */
  static async begin(hash: string, tools: GroupTools): Promise<LargeLoad | MemberResult> {
    const id = randomUUID()
    const claiming = await tools.ledger.claim(hash, id)
    if (claiming.kind === 'claimed') return new LargeLoad(hash, id, claiming.generation, tools)
    return meetClaim(claiming, tools)
  }

  /** Appends rows. @throws Failure, also when another instance has taken the object over. */
  async append(rows: readonly TableRows[]): Promise<void> {
    this.#keeper.check()
    await this.#writer.append(rows)
  }

  /** Seals and commits everything appended. @param record the object's row of `object_log`. */
  async commit(record: Row): Promise<void> {
    await sealAndPublish(this.#id, [{ hash: this.#hash, record }], this.#writer, this.#tools)
    this.#keeper.end()
  }

  async abandon(): Promise<void> {
    this.#keeper.end()
    this.#writer.abandon()
    await giveUp(this.#id, this.#tools)
  }
}
