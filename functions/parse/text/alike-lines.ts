const newline = 0x0a
const carriageReturn = 0x0d

/** Lines between quotes, and how many of them would be records if it were not for the quotes. */
export interface AlikeLines {
  /** Those that are not blank. */
  readonly lines: number
  /** Those with as many values as a record has. Prose, lists and code have other lines: those of a list end in commas. */
  readonly alike: number
}

/**
 * Compares the lines of `bytes[start, end)` with records, quotes taken for letters.
 * @param width how many values a record has. With less than two, no line is like one.
 */
export function alikeLines(
  bytes: Buffer,
  start: number,
  end: number,
  delimiter: number,
  width: number,
): AlikeLines {
  let lines = 0
  let alike = 0
  for (let from = start; from < end; ) {
    const cut = bytes.indexOf(newline, from)
    const next = cut < 0 || cut > end ? end : cut
    const last = next > from && bytes[next - 1] === carriageReturn ? next - 1 : next
    let values = 1
    for (let at = from; at < last; at++) if (bytes[at] === delimiter) values += 1
    if (last > from) lines += 1
    if (values === width && width > 1 && bytes[last - 1] !== delimiter) alike += 1
    from = next + 1
  }
  return { lines, alike }
}
