import { tokenOf } from './draw-object.ts'

/** A row by column name, as the server read it off the wire. */
export type SeenRow = Readonly<Record<string, string | bigint>>

/** What a reader of BigQuery sees: where each line is and how often, and what is on record of each object. */
export class SeenLines {
  /** How often each token is in a log table, and in rejects. */
  readonly rows = new Map<string, number>()
  readonly rejects = new Map<string, number>()
  readonly #records = new Map<string, SeenRow[]>()

  /** Adds a row that has become visible. */
  add(table: string, row: SeenRow): void {
    if (table.endsWith('.object_log')) {
      const key = `${row['source_uri']} ${row['source_etag']}`
      const records = this.#records.get(key)
      if (records) records.push(row)
      else this.#records.set(key, [row])
      return
    }
    const counts = table.endsWith('.rejects') ? this.rejects : this.rows
    const token = tokenOf(row)
    counts.set(token, (counts.get(token) ?? 0) + 1)
  }

  /** The rows of `object_log` about an object, in the order they came. */
  recordsOf(uri: string, etag: string): readonly SeenRow[] {
    return this.#records.get(`${uri} ${etag}`) ?? []
  }
}
