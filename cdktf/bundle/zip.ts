import { crc32, deflateRawSync } from 'node:zlib'

/** A file in an archive: a name without directories above it, and what is in it. */
export interface ZipEntry {
  readonly name: string
  readonly content: Uint8Array
}

/** 1 January 1980, midnight: the first date the format knows. The same content always makes the same bytes. */
const date = 0x0021
const time = 0
/** Names are UTF-8. */
const flags = 0x0800
const deflated = 8

/**
 * A zip archive of these files, in this order, with nothing in it that changes from run to run or machine to machine.
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16; no zip64.
 */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const { shared, name, data } = encode(entry)
    const local = Buffer.concat([numbers([4, 0x04034b50]), shared, name, data])
    const rest = numbers([2, 0], [2, 0], [2, 0], [4, 0o100644 * 0x10000], [4, offset])
    directory.push(numbers([4, 0x02014b50], [2, 0x0314]), shared, rest, name)
    locals.push(local)
    offset += local.length
  }
  const index = Buffer.concat(directory)
  const count = entries.length
  const end = numbers(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, index.length],
    [4, offset],
    [2, 0],
  )
  return Buffer.concat([...locals, index, end])
}

/** What the entry's own header and the directory have in common, and what follows them. */
function encode({ name, content }: ZipEntry) {
  const data = deflateRawSync(content, { level: 9 })
  const encoded = Buffer.from(name, 'utf8')
  const shared = numbers(
    ...([
      [2, 20],
      [2, flags],
      [2, deflated],
      [2, time],
      [2, date],
    ] as const),
    ...([
      [4, crc32(content)],
      [4, data.length],
      [4, content.length],
      [2, encoded.length],
      [2, 0],
    ] as const),
  )
  return { shared, name: encoded, data }
}

/** Little-endian numbers of so many bytes each. */
function numbers(...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    values.map(([bytes, value]) => {
      const out = Buffer.alloc(bytes)
      out.writeUIntLE(value, 0, bytes)
      return out
    }),
  )
}
