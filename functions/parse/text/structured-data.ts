/**
 * Structured data of RFC 5424, section 6.3: parameters by the id of their element. A repeated parameter, which
 * 6.3.3 allows, becomes a list of its values in order. An id should not be repeated (6.3.2): elements with the same id
 * become one.
 */
export type StructuredData = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

const space = 0x20
const quote = 0x22
const equals = 0x3d
const open = 0x5b
const backslash = 0x5c
const close = 0x5d

/**
 * Reads the elements `[id name="value"]...` that begin at `start`.
 * @returns them and where they end; undefined if that is no structured data.
 */
export function readStructuredData(
  bytes: Buffer,
  start: number,
  end: number,
): { data: StructuredData; next: number } | undefined {
  const elements = new Map<string, Map<string, string[]>>()
  let at = start
  while (at < end && bytes[at] === open) {
    const idEnd = endOfName(bytes, at + 1, end)
    const parameters = entryOf(elements, bytes.toString('utf8', at + 1, idEnd), () => new Map())
    for (
      at = afterSpaces(bytes, idEnd, end);
      at < end && bytes[at] !== close;
      at = afterSpaces(bytes, at, end)
    ) {
      const nameEnd = endOfName(bytes, at, end)
      const valueStart = afterSpaces(bytes, nameEnd + 1, end)
      if (bytes[nameEnd] !== equals || nameEnd >= end || bytes[valueStart] !== quote) return undefined
      const valueEnd = closingQuote(bytes, valueStart + 1, end)
      if (valueEnd < 0) return undefined
      const values = entryOf(parameters, bytes.toString('utf8', at, nameEnd), () => [])
      values.push(unescaped(bytes, valueStart + 1, valueEnd))
      at = valueEnd + 1
    }
    if (at >= end) return undefined
    at += 1
  }
  const data = mapped(elements, (parameters) => mapped(parameters, oneOrList))
  return { data, next: at }
}

function entryOf<T>(entries: Map<string, T>, name: string, make: () => T): T {
  const entry = entries.get(name) ?? make()
  entries.set(name, entry)
  return entry
}

function mapped<T, U>(entries: ReadonlyMap<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries([...entries].map(([name, value]) => [name, map(value)]))
}

function oneOrList(values: readonly string[]): string | readonly string[] {
  const [first] = values
  return first !== undefined && values.length === 1 ? first : values
}

function endOfName(bytes: Buffer, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at] !== space && bytes[at] !== equals && bytes[at] !== close) at++
  return at
}

function afterSpaces(bytes: Buffer, from: number, end: number): number {
  let at = from
  while (at < end && bytes[at] === space) at++
  return at
}

function closingQuote(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (bytes[at] === backslash) at++
    else if (bytes[at] === quote) return at
  }
  return -1
}

/** A quote, a backslash and a closing bracket are escaped in a value; any other backslash is one. */
function unescaped(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end).replaceAll(/\\(["\\\]])/g, '$1')
}
