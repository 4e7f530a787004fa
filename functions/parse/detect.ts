import type { Detection } from '../model/format.ts'
import { sampleOf } from './detecting/format-sample.ts'
import { type FormatName, formatNames, formats } from './formats.ts'

/** The fewer kinds of lines a format reads, the more it means that it reads these. */
const breadth: Readonly<Record<Detection['reads'], number>> = { own: 0, kind: 1, any: 2 }

/** The share of a file's first lines that a format must read to be the file's: some may be broken. */
const leastShare = 0.5
/** It must also read this share of what the best format reads: a line that another format reads is not broken. */
const nearly = 0.95
/** Text has less than one NUL in so many bytes. Compressed and other binary data has several. */
const textPerNul = 1000

/**
 * The format a file is in. Candidates read nearly as many of its first lines as the best does: the most specific one
 * wins, then the one that reads most. Lines that no format reads are `text`.
 *
 * A key that AWS uses for a format decides for it if it reads any line; else only formats of AWS can win. Undefined
 * when none does, so that a changed AWS format is noticed and not loaded as something else. Undefined for binary data.
 * @param head the first bytes of a file, decompressed; a line cut off at its end does no harm.
 * @param key the object's key, where there is one.
 */
export function detectFormat(head: Buffer, key = ''): FormatName | undefined {
  const sample = sampleOf(head)
  if (sample.lines.length === 0) return 'text'
  const shares = formatNames.flatMap((name) => {
    const { detection } = formats[name]
    if (!detection || (detection.onlyByKey && !detection.key?.test(key))) return []
    return [{ name, ...detection, share: sample.shareOf(formats[name]) }]
  })
  const keyed = shares.filter((format) => format.key?.test(key))
  const delivered =
    keyed.find(({ share }) => share > 0) ?? keyed.find(({ name }) => sample.isHeaders(formats[name]))
  if (delivered) return delivered.name
  const most = Math.max(...shares.map(({ share }) => share))
  const [detected] = shares
    .filter(
      ({ share, reads }) =>
        share >= Math.max(leastShare, most * nearly) && (keyed.length === 0 || reads === 'own'),
    )
    .toSorted((a, b) => breadth[a.reads] - breadth[b.reads] || b.share - a.share)
  if (detected) return detected.name
  return keyed.length > 0 || isBinary(head) ? undefined : 'text'
}

function isBinary(head: Buffer): boolean {
  return head.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0) * textPerNul >= head.length
}

/**
 * The format a Parquet file is in, by its columns' names. Columns of no format that comes as Parquet are rows as JSON
 * lines have; undefined under a key that AWS uses for a format, as in `detectFormat`.
 */
export function detectParquet(columns: readonly string[], key = ''): FormatName | undefined {
  const own = formatNames.find((name) => formats[name].detection?.parquet?.(columns))
  if (own) return own
  return formatNames.some((name) => formats[name].detection?.key?.test(key)) ? undefined : 'json-lines'
}
