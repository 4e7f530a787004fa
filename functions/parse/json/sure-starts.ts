const newline = 0x0a

/** What is known of the lines on which records begin, so that one can be told where nothing else is sure. */
export class SureStarts {
  #indent: string | undefined
  #begun: Buffer | undefined
  /** Whether something within a record stood where records do: then a line's start says nothing. */
  #mistakable = false
  #overLines = false

  /** @param indent the blanks in front of records, until one is seen. Undefined: none is sure. */
  constructor(indent?: string) {
    this.#become(indent)
  }

  /** A record begins its line, behind these blanks. */
  seen(indent: string): void {
    if (indent !== this.#indent) this.#become(indent)
  }

  /** Looks at a whole record. */
  check(record: Buffer): void {
    if (!record.includes(newline)) return
    this.#overLines = true
    if (this.#begun && record.includes(this.#begun)) this.#mistakable = true
  }

  /** Whether a brace that begins a line behind these blanks begins a record: no string has a line's end, no record such a line. */
  has(indent: string): boolean {
    return !this.#mistakable && indent === this.#indent
  }

  /** The same, where every record was a line. */
  areLines(indent: string): boolean {
    return !this.#overLines && indent === this.#indent
  }

  isAs(other: SureStarts): boolean {
    return this.#indent === other.#indent
  }

  #become(indent: string | undefined): void {
    this.#indent = indent
    this.#begun = indent === undefined ? undefined : Buffer.from(`\n${indent}{`)
  }
}
