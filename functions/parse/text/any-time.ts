import { dayStart, readEpochText, readIsoTime, readLogTime, readMonthName } from './timestamps.ts'

/** No spelling is longer. */
const longest = 64

/**
 * Microseconds since 1970 of a text that is a time as services write it: ISO 8601, `2026/11/20 10:15:00`, that of web
 * servers, of HTTP (RFC 1123), of C's `asctime`, of Go; or a number since 1970 in whatever unit. Spellings of which day and
 * month could be taken for one another are none. Without a zone it is UTC, or `offset`. Undefined if it is no such time.
 * @param offset gives the microseconds east of UTC of a time without a zone, from that time as if it were UTC.
 */
export function readAnyTime(
  bytes: Buffer,
  start: number,
  end: number,
  offset?: (micros: number) => number,
): number | undefined {
  if (end - start > longest || end - start < 9) return undefined
  const micros = readIsoTime(bytes, start, end) ?? readLogTime(bytes, start, end)
  if (micros !== undefined && !offset) return micros
  const text = bytes.toString('latin1', start, end)
  if (micros !== undefined) return offset && !hasZone.test(text) ? micros - offset(micros) : micros
  return readEpochText(text) ?? readSpelling(text, offset)
}

const hasZone = /(?:[zZ]|UTC|GMT|:\d\d(?:[.,]\d+)? ?[+-]\d\d(?::?\d\d)?)$/

const zone = String.raw`(?: ?(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)(?: [A-Z]{3,5})?)?`
const clock = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?`
const weekday = '(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?'

/** Groups of each: what `parts` of it name. */
const spellings: readonly { readonly pattern: RegExp; readonly parts: readonly Part[] }[] = [
  {
    // 2026-11-20 10:15:00 +0000 UTC m=+0.01, 2026/11/20 10:15
    pattern: new RegExp(String.raw`^(\d{4})[-/](\d\d)[-/](\d\d)[Tt ]${clock}${zone}(?: m=[+-][\d.]+)?$`),
    parts: ['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction', 'zone'],
  },
  {
    // Fri, 20 Nov 2026 10:15:00 GMT, 20-Nov-2026 10:15:00
    pattern: new RegExp(String.raw`^${weekday}(\d\d?)[ -]([A-Z][a-z]{2})[ -](\d{4}) ${clock}${zone}$`),
    parts: ['day', 'month', 'year', 'hour', 'minute', 'second', 'fraction', 'zone'],
  },
  {
    // Fri Nov 20 10:15:00 2026, Fri Nov 20 10:15:00 UTC 2026, Nov 20, 2026 10:15:00 is the next
    pattern: new RegExp(
      String.raw`^${weekday}([A-Z][a-z]{2}) {1,2}(\d\d?) ${clock}${zone} (\d{4})(?: UTC)?$`,
    ),
    parts: ['month', 'day', 'hour', 'minute', 'second', 'fraction', 'zone', 'year'],
  },
  {
    // Nov 20, 2026 10:15:00 AM
    pattern: new RegExp(String.raw`^([A-Z][a-z]{2}) {1,2}(\d\d?), (\d{4}),? ${clock}(?: ([AP]M))?${zone}$`),
    parts: ['month', 'day', 'year', 'hour', 'minute', 'second', 'fraction', 'half', 'zone'],
  },
  {
    // 20261120T101500Z
    pattern: /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d{4})?$/,
    parts: ['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction', 'zone'],
  },
]

export type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction' | 'half' | 'zone'

function readSpelling(text: string, offset?: (micros: number) => number): number | undefined {
  for (const { pattern, parts } of spellings) {
    const match = pattern.exec(text)
    if (match)
      return microsOf(Object.fromEntries(parts.map((part, index) => [part, match[index + 1]])), offset)
  }
  return undefined
}

/** Microseconds since 1970 of the parts of a time, as they are written; undefined if there is no such time. */
export function microsOf(
  parts: Partial<Record<Part, string | undefined>>,
  offset?: (micros: number) => number,
): number | undefined {
  const month = /^\d/.test(parts.month ?? '') ? Number(parts.month) : readMonthName(parts.month ?? '')
  const half = parts.half === undefined ? undefined : parts.half.toUpperCase()
  const hour =
    half === undefined ? Number(parts.hour ?? 0) : (Number(parts.hour) % 12) + (half === 'PM' ? 12 : 0)
  const [minute, second] = [Number(parts.minute ?? 0), Number(parts.second ?? 0)]
  if (hour > 23 || minute > 59 || second > 60 || (half !== undefined && Number(parts.hour) > 12))
    return undefined
  const fraction = Number((parts.fraction ?? '').padEnd(6, '0').slice(0, 6))
  const local =
    dayStart(Number(parts.year), month, Number(parts.day)) +
    (hour * 3600 + minute * 60 + second) * 1e6 +
    fraction
  if (Number.isNaN(local)) return undefined
  const east = parts.zone === undefined ? (offset?.(local) ?? 0) : zoneMicros(parts.zone)
  return east === undefined ? undefined : local - east
}

/** Microseconds east of UTC. */
function zoneMicros(written: string): number | undefined {
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(written)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  return minutes > 1440 ? undefined : (match[1] === '-' ? -minutes : minutes) * 60e6
}
