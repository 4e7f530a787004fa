/** Number of calls by kind, such as `objects.insert` or `AppendRows`: the vendor's own method names. */
export type CallCounts = Readonly<Record<string, number>>

/** Counts calls by kind. This is how the cost of an object is measured. */
export class CallCounter {
  readonly #counts = new Map<string, number>()

  count(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
  }

  snapshot(): CallCounts {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => a.localeCompare(b)))
  }
}
