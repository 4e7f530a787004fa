/** Values between separators, some in quotes: RFC 4180, for any one-byte separator. */
import { type Reject, reject } from '../../model/reject.ts'

export const quote = 0x22
/** More than a table has columns. */
const maxValues = 4096

/** What an opening quote leads to: where its closing quote is, or -1 when the bytes end before it. */
export function closingQuote(bytes: Buffer, from: number, end: number): number {
  for (let at = bytes.indexOf(quote, from); at >= 0 && at < end; at = bytes.indexOf(quote, at + 2)) {
    // Doubled, it is a quote within the value.
    if (at + 1 === end || bytes[at + 1] !== quote) return at
  }
  return -1
}

/**
 * The values of a record, unquoted; or what is wrong with it. A quote counts at the start of a value only: elsewhere it
 * is part of the value.
 */
export function splitValues(bytes: Buffer, start: number, end: number, separator: number): string[] | Reject {
  const values: string[] = []
  for (let at = start; at <= end; at++) {
    if (values.length === maxValues)
      return reject('malformed', `${maxValues} values or more: another format?`)
    if (bytes[at] === quote && at < end) {
      const to = closingQuote(bytes, at + 1, end)
      if (to < 0) return reject('malformed', `the quote opened at byte ${at - start} is never closed`)
      if (to + 1 < end && bytes[to + 1] !== separator)
        return reject('malformed', `text follows the quote closed at byte ${to - start}`)
      values.push(bytes.toString('utf8', at + 1, to).replaceAll('""', '"'))
      at = to + 1
    } else {
      let to = at
      while (to < end && bytes[to] !== separator) to++
      values.push(bytes.toString('utf8', at, to))
      at = to
    }
  }
  return values
}

/**
 * Whether a record goes on behind the line `bytes[start, end)`: a quote is open at its end.
 * @param open whether one is open at its start.
 */
export function isOpen(bytes: Buffer, start: number, end: number, separator: number, open = false): boolean {
  let from = start
  if (open) {
    const to = closingQuote(bytes, start, end)
    if (to < 0) return true
    from = bytes.indexOf(separator, to) + 1
    if (from === 0 || from > end) return false
  }
  for (let at = from; at < end; at++) {
    if (bytes[at] === quote) {
      const to = closingQuote(bytes, at + 1, end)
      if (to < 0) return true
      at = to + 1
    }
    const next = bytes.indexOf(separator, at)
    if (next < 0 || next >= end) return false
    at = next
  }
  return false
}

/** A first line that spreadsheets write to name the separator. */
const namesSeparator = /^sep=([!-/:-@[-`{-~\t])$/i

/** The separator that a first line names: `sep=;`. */
export function namedSeparator(line: Buffer): number | undefined {
  return namesSeparator.exec(line.toString('latin1', 0, 8))?.[1]?.charCodeAt(0)
}

/** The separator of a header: of the candidates, the one that is there most often outside quotes. */
export function separatorOf(header: Buffer, candidates: readonly number[]): number {
  let [best, most] = [candidates[0] as number, 0]
  for (const candidate of candidates) {
    const values = splitValues(header, 0, header.length, candidate)
    const count = Array.isArray(values) ? values.length - 1 : 0
    if (count > most) [best, most] = [candidate, count]
  }
  return best
}
