/** Values by name, for names that stand in bytes: finding one makes no string. */
export class NameIndex<T> {
  readonly #buckets: { readonly name: Buffer; readonly value: T }[][]
  readonly #mask: number

  /** The last of entries with the same name counts. */
  constructor(entries: Iterable<readonly [string, T]>) {
    const byName = new Map(entries)
    const size = 2 ** Math.ceil(Math.log2(byName.size * 4 + 1))
    this.#mask = size - 1
    this.#buckets = Array.from({ length: size }, () => [])
    for (const [text, value] of byName) {
      const name = Buffer.from(text)
      this.#bucket(name, 0, name.length).push({ name, value })
    }
  }

  /** What stands for the name `bytes[start, end)`. */
  find(bytes: Buffer, start: number, end: number): T | undefined {
    for (const { name, value } of this.#bucket(bytes, start, end)) {
      if (name.length === end - start && isAt(bytes, start, name)) return value
    }
    return undefined
  }

  /** Length, first and last byte tell nearly all names of a log apart. */
  #bucket(bytes: Buffer, start: number, end: number) {
    if (start === end) return this.#buckets[0] as { name: Buffer; value: T }[]
    const hash = (end - start) * 31 + (bytes[start] as number) * 7 + (bytes[end - 1] as number)
    return this.#buckets[hash & this.#mask] as { name: Buffer; value: T }[]
  }
}

/** Whether `name` stands in the bytes at `start`. */
export function isAt(bytes: Buffer, start: number, name: Buffer): boolean {
  for (let at = 0; at < name.length; at++) if (bytes[start + at] !== name[at]) return false
  return true
}
