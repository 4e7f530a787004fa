import { readAnyTime } from '../text/any-time.ts'
import { readFloat } from '../text/numbers.ts'
import { readEpoch, readEpochText } from '../text/timestamps.ts'
import { isObject, numberText } from './json-document.ts'
import type { JsonMembers } from './json-members.ts'

/** Names of the time of an event in logs that are free to choose, the most specific first, and those of known services. */
const names = [
  '@timestamp',
  'timestamp',
  'time',
  'ts',
  'datetime',
  'date',
  'eventTime',
  'event_time',
  // Serilog's compact format, MongoDB.
  '@t',
  't',
  // Python.
  'asctime',
  'timeStamp',
  // OpenTelemetry.
  'timeUnixNano',
  'observedTimeUnixNano',
  'observedTimestamp',
  // Azure, Okta, Cloudflare, osquery, AWS Config, billing.
  'TimeGenerated',
  'published',
  'EdgeStartTimestamp',
  'unixTime',
  'calendarTime',
  'configurationItemCaptureTime',
  'startTime',
  'start_time',
  'requestTimeEpoch',
  'requestTime',
  'requestReceivedTimestamp',
  'logTime',
  'log_time',
  'time_local',
  'time_iso8601',
  'msec',
  '__REALTIME_TIMESTAMP',
  'createdAt',
  'created_at',
]

/** Each name as it stands, in small letters, in capitals, and with a capital in front; the rank of each. */
const ranks = new Map<string, number>()
for (const [rank, name] of names.entries()) {
  const variants = [
    name,
    name.toLowerCase(),
    name.toUpperCase(),
    name.charAt(0).toUpperCase() + name.slice(1),
  ]
  for (const variant of variants) if (!ranks.has(variant)) ranks.set(variant, rank)
}

/** Every spelling of the names of times. */
export const timeNames: readonly string[] = [...ranks.keys()]

/** How specific a name is for the time of an event: 0 the most; -1 for other names. */
export function timeRank(name: string): number {
  return ranks.get(name) ?? -1
}

/** Those of these names that are names of times, the most specific first. */
export function timeNamesIn(given: readonly string[]): string[] {
  return given.filter((name) => ranks.has(name)).toSorted((a, b) => timeRank(a) - timeRank(b))
}

/**
 * Microseconds since 1970 of a time as services write it: a text (see readAnyTime), a number since 1970 in whatever unit, or
 * an object of Protobuf's JSON (`{"seconds": 1, "nanos": 2}`) or MongoDB's (`{"$date": ...}`).
 */
export function readTime(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value)
    return readAnyTime(bytes, 0, bytes.length)
  }
  const number = numberText(value)
  if (number !== undefined) return readEpochText(number) ?? readEpoch(Number(number))
  return isObject(value) ? readTimeObject(JSON.stringify(value)) : undefined
}

/** The time of the first value that is one. */
export function firstTime(values: readonly unknown[]): number | undefined {
  for (const value of values) {
    const micros = readTime(value)
    if (micros !== undefined) return micros
  }
  return undefined
}

/** The same of a member as it stands. */
export function readMemberTime(members: JsonMembers, index: number): number | undefined {
  const [start, end] = [members.start(index), members.end(index)]
  if (members.isNumber(index)) {
    if (end - start > 16) {
      const micros = readEpochText(members.bytes.toString('latin1', start, end))
      if (micros !== undefined) return micros
    }
    const value = readFloat(members.bytes, start, end)
    return value === undefined ? undefined : readEpoch(value)
  }
  if (members.isText(index)) {
    const text = members.textBytes(index)
    return readAnyTime(text.bytes, text.start, text.end)
  }
  const isShort = end - start <= longestObject
  return isShort && members.isObject(index) ? readTimeObject(members.written(index)) : undefined
}

const longestObject = 128
const protobuf = /^\{\s*"seconds"\s*:\s*"?(-?\d{1,12})"?\s*(?:,\s*"nanos"\s*:\s*(\d{1,9})\s*)?\}$/
const mongodb =
  /^\{\s*"\$date"\s*:\s*(?:"([^"\\]{1,64})"|(\d{9,19})|\{\s*"\$numberLong"\s*:\s*"(\d{9,19})"\s*\})\s*\}$/

function readTimeObject(text: string): number | undefined {
  const parts = protobuf.exec(text)
  if (parts) return Number(parts[1]) * 1e6 + Math.floor(Number(parts[2] ?? 0) / 1000)
  const date = mongodb.exec(text)
  if (!date) return undefined
  if (date[1] !== undefined) return readTime(date[1])
  return readEpoch(Number(date[2] ?? date[3]))
}
