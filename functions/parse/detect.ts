import type { Detection } from '../model/format.ts'
import { sampleOf } from './detecting/format-sample.ts'
import { type FormatName, formatNames, formats } from './formats.ts'
import { gunzipHead, isGzip } from './reading/decompress.ts'

/** What reads fewer kinds of lines is the better sign when it reads these. */
const breadth: Readonly<Record<Detection['reads'], number>> = { own: 0, kind: 1, any: 2 }

/** The share of a file's first lines that a format must read to be the file's: some may be broken. */
const leastShare = 0.5
/** And so much of what the format reads that reads most: what one rejects and another reads is not broken. */
const nearly = 0.95
/** In so many bytes of text there is less than one NUL. Compressed and other binary bytes have several. */
const textPerNul = 1000

/**
 * The format a file is in: of those that read nearly as many of its first lines as the best does, the most particular,
 * then the one that reads most. Lines that no format reads are `text`.
 *
 * Under a key that AWS gives to a format it is that one, if it reads any line, or another of AWS's. Undefined where
 * none does, so that a change of an AWS format is seen and not loaded as something else; and for what is no text.
 * @param head the first bytes of a file, decompressed; a line cut off at its end does no harm.
 * @param key the object's key, where there is one.
 */
export function detectFormat(head: Buffer, key = ''): FormatName | undefined {
  if (isGzip(head)) return detectCompressed(head)
  const sample = sampleOf(head)
  if (sample.lines.length === 0) return 'text'
  const shares = formatNames.flatMap((name) => {
    const { detection } = formats[name]
    return detection ? [{ name, ...detection, share: sample.shareOf(formats[name]) }] : []
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

/** CloudWatch Logs compresses what it sends; a Firehose stream set to compress does so again. No other format does. */
function detectCompressed(head: Buffer): FormatName | undefined {
  const within = gunzipHead(head)
  const format = isGzip(within) ? undefined : detectFormat(within)
  return format === 'cloudwatch-logs' ? format : undefined
}

/** The format a Parquet file is in, by its columns' names; undefined when they are of none that comes as Parquet. */
export function detectParquet(columns: readonly string[]): FormatName | undefined {
  return formatNames.find((name) => formats[name].detection?.parquet?.(columns))
}
