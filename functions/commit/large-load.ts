/**
 * Stages append and commit for one large object: it has a group of its own, is claimed first, and its rows are
 * appended as they are read, in bounded memory. Its claim is renewed meanwhile.
 */
import { randomUUID } from 'node:crypto'
import type { Row } from '../model/column.ts'
import { Failure } from '../model/failure.ts'
import type { TableRows } from '../split/table-rows.ts'
import { type GroupTools, giveUp, type MemberResult, meetClaim, sealAndPublish } from './group.ts'
import { GroupWriter } from './group-writer.ts'

export interface LargeLoadTools extends GroupTools {
  /** Milliseconds a claim stays young. */
  readonly lease: number
}

/** A large object's group, claimed. One caller at a time; ends with `commit` or `abandon`. */
export class LargeLoad {
  readonly #hash: string
  readonly #id: string
  readonly #tools: LargeLoadTools
  readonly #writer: GroupWriter
  #generation: string
  #renewedAt: number

  private constructor(hash: string, id: string, generation: string, tools: LargeLoadTools) {
    this.#hash = hash
    this.#id = id
    this.#generation = generation
    this.#tools = tools
    this.#writer = new GroupWriter(tools)
    this.#renewedAt = tools.clock.now()
  }

  /** Claims the object. Gives a result instead when it is not ours to load. */
  static async begin(hash: string, tools: LargeLoadTools): Promise<LargeLoad | MemberResult> {
    const id = randomUUID()
    const claiming = await tools.ledger.claim(hash, id)
    if (claiming.kind === 'claimed') return new LargeLoad(hash, id, claiming.generation, tools)
    return (await meetClaim(claiming, tools)) ?? { kind: 'duplicate' }
  }

  /** Appends rows, and keeps the claim young. */
  async append(rows: readonly TableRows[]): Promise<void> {
    await this.#renew()
    await this.#writer.append(rows)
  }

  /** Seals and commits everything appended. @param record the object's row of `object_log`. */
  async commit(record: Row): Promise<void> {
    await sealAndPublish(this.#id, [{ hash: this.#hash, record }], this.#writer, this.#tools)
  }

  async abandon(): Promise<void> {
    this.#writer.abandon()
    await giveUp(this.#id, this.#tools)
  }

  async #renew(): Promise<void> {
    const now = this.#tools.clock.now()
    if (now - this.#renewedAt < this.#tools.lease / 3) return
    const generation = await this.#tools.ledger.renew(this.#hash, this.#id, this.#generation)
    if (generation === undefined) {
      throw new Failure('system', 'commit', 'fenced', `group ${this.#id} took too long and lost its claim`)
    }
    this.#generation = generation
    this.#renewedAt = now
  }
}
