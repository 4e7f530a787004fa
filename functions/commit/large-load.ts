/**
 * Stages append and commit for one large object: it has a group of its own, is claimed first, and its rows are
 * appended as they are read, in bounded memory.
 *
 * Its streams are of the same kind and the same pool as those of small objects, only its own until it is sealed. PENDING
 * streams, made for it and committed at its end, would do as well, but for the quota: an object of a few MB is large
 * already, and each would cost a new stream for each of its apps.
 */
import { randomUUID } from 'node:crypto'
import { GroupWriter } from '../append/group-writer.ts'
import type { TableRows } from '../split/table-rows.ts'
import { ClaimKeeper } from './claim-keeper.ts'
import { abortGroup, type GroupTools, type MemberResult, resolveTaken, sealAndFlush } from './group.ts'
import type { ObjectLogRow } from './object-table.ts'

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
    // It holds up nobody, and giving up would waste what was appended: so it waits.
    this.#writer = new GroupWriter(tools, Number.POSITIVE_INFINITY)
    this.#keeper = new ClaimKeeper(id, tools)
    this.#keeper.add(hash, generation)
  }

  /** Claims the object. Gives a result instead when it is not ours to load. */
  static async begin(
    hash: string,
    setAside: string | undefined,
    tools: GroupTools,
  ): Promise<LargeLoad | MemberResult> {
    const id = randomUUID()
    const claiming = await tools.ledger.claim(hash, id, setAside)
    if (claiming.kind === 'claimed') return new LargeLoad(hash, id, claiming.generation, tools)
    return resolveTaken(hash, claiming, tools)
  }

  /** Appends rows. @throws Failure, also when another instance has taken the object over. */
  async append(rows: readonly TableRows[]): Promise<void> {
    this.#keeper.throwIfLost()
    await this.#writer.append(rows)
  }

  /** Seals everything appended and makes it visible. @param record the object's row of `object_log`. @throws Failure */
  async commit(record: ObjectLogRow): Promise<void> {
    const hash = this.#hash
    const failures = await sealAndFlush(this.#id, [{ hash, record }], this.#writer, this.#tools)
    this.#keeper.end()
    if (failures.has(hash)) throw failures.get(hash)
  }

  /** Gives up whatever is not sealed. Safe to call at any point. */
  async abandon(): Promise<void> {
    this.#keeper.end()
    if (!this.#writer.released) await abortGroup(this.#id, this.#writer, this.#tools)
  }
}
