/** How a kind of separated values is written. */
export interface SeparatedKind {
  /** What may stand between the values of a file that does not say, the usual one first. */
  readonly delimiters: string
  /**
   * Whether a value that begins with a quote must end with one, as in CSV. Else such a quote may be a part of the value,
   * as in tables that databases write.
   */
  readonly strict: boolean
}

const quote = 0x22

/**
 * The delimiter that a line such as `sep=;` names. Excel reads it, and so other programs write it before the header:
 * https://support.microsoft.com/office/5250ac4c-663c-47ce-937b-339e391393ba [2026-11]
 */
export function namedDelimiter(line: Buffer): number | undefined {
  if (line.length > 8) return undefined
  const [, delimiter] = /^"?sep=([^\w"\r\n])"?\r?$/i.exec(line.toString('latin1')) ?? []
  const byte = delimiter?.charCodeAt(0)
  return byte !== undefined && byte < 0x80 ? byte : undefined
}

/**
 * The delimiter of a file by its first line: the one that makes as many values as are expected, or else the most values.
 * @param expected how many values a line has, where that is known.
 */
export function likelyDelimiter(line: Buffer, { delimiters }: SeparatedKind, expected?: number): number {
  const found = [...Buffer.from(delimiters)].map((byte) => ({ byte, values: valuesIn(line, byte) }))
  const [most] = found.toSorted(
    (a, b) => Number(b.values === expected) - Number(a.values === expected) || b.values - a.values,
  )
  return most?.byte ?? quote
}

/** How many values a line has, roughly: a delimiter between two quotes is part of a value. */
export function valuesIn(line: Buffer, delimiter: number): number {
  let values = 1
  let quoted = false
  for (const byte of line) {
    if (byte === quote) quoted = !quoted
    else if (byte === delimiter && !quoted) values += 1
  }
  return values
}
