import type { KeptTable } from '../store/resources.ts'

interface Version {
  readonly table: KeptTable
  /** Milliseconds since 1970 from which new connections see it. */
  readonly from: number
}

/**
 * The schema of each table as the Write API sees it: a change reaches it `delayMillis` after it was made, which
 * takes minutes in the service. Only changes made since the table was first asked for can be delayed.
 */
export class VisibleSchemas {
  readonly #versions = new Map<string, readonly Version[]>()
  readonly #delayMillis: number
  readonly #now: () => number

  constructor(delayMillis: number, now: () => number) {
    this.#delayMillis = delayMillis
    this.#now = now
  }

  /** The version of the table to go by, given its present one. */
  visible(current: KeptTable): KeptTable {
    const known = this.#versions.get(current.creationTime) ?? [{ table: current, from: 0 }]
    const changed = known.at(-1)?.table.etag !== current.etag
    const all = changed ? [...known, { table: current, from: this.#now() + this.#delayMillis }] : known
    const index = all.findLastIndex(({ from }) => from <= this.#now())
    this.#versions.set(current.creationTime, all.slice(index))
    return all[index]?.table ?? current
  }
}
