import { readAnyTime } from './any-time.ts'
import { readYearlessTime } from './timestamps.ts'

/** A time that a line begins with. */
export interface LeadingTime {
  /** Bytes of the line up to the end of the time. */
  readonly length: number
  /** Microseconds since 1970; undefined for a time without a year where nothing tells the year. */
  readonly micros: number | undefined
}

/** Longer than any level and time. */
const longestHead = 80

/** A level, alone or in brackets, may stand in front; so may a bracket. */
const prefix = String.raw`(?:[[(<]?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE|PANIC)[\])>:]?\s{1,4})?[[(]?`
const clock = String.raw`\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?`
const zone = '(?: ?(?:Z|UTC|GMT|[+-]\\d\\d(?::?\\d\\d)?))?'
/** Behind the time there is no more of a word or number. */
const end = String.raw`(?![\w.:/+-]*\w)`
const shapes = [
  String.raw`\d{4}[-/]\d\d[-/]\d\d[T ]${clock}${zone}`,
  String.raw`\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?`,
  String.raw`(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} {1,2}\d\d? \d\d:\d\d:\d\d(?:\.\d{1,9})? \d{4}`,
  String.raw`[A-Z][a-z]{2} {1,2}\d\d?, \d{4} \d\d?:\d\d:\d\d [AP]M`,
  String.raw`\d{10}(?:\.\d{1,9})?(?= )`,
  String.raw`\d{13}(?= )`,
]
const withYear = new RegExp(`^${prefix}(${shapes.join('|')})${end}`)
const yearless = new RegExp(String.raw`^${prefix}([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)${end}`)
/** Of Kubernetes' components: https://pkg.go.dev/k8s.io/klog/v2 [2026-11] */
const klog = /^[IWEF](\d\d)(\d\d) (\d\d:\d\d:\d\d)\.(\d{6}) /

/**
 * The time that the line `bytes[start, end)` begins with, behind a level and a bracket at most. Undefined if there is none.
 * @param now epoch milliseconds: times without a year are the latest up to a day after it.
 */
export function leadingTime(
  bytes: Buffer,
  start: number,
  end: number,
  now?: number,
): LeadingTime | undefined {
  if (!mayBegin(bytes[start])) return undefined
  const head = bytes.toString('latin1', start, Math.min(end, start + longestHead))
  const match = withYear.exec(head)
  if (match) {
    const time = Buffer.from(match[1] ?? '')
    const micros = readAnyTime(time, 0, time.length)
    return micros === undefined ? undefined : { length: match[0].length, micros }
  }
  const short = yearless.exec(head)
  if (short) return yearlessTime(short[1] ?? '', 0, short[0].length, now)
  const parts = klog.exec(head)
  if (!parts) return undefined
  const [all, month, day, clock, fraction] = parts
  const name = monthNames[Number(month) - 1] ?? ''
  return yearlessTime(
    `${name} ${String(Number(day)).padStart(2)} ${clock}`,
    Number(fraction),
    all.length,
    now,
  )
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** @param fraction in microseconds. */
function yearlessTime(text: string, fraction: number, length: number, now: number | undefined) {
  const time = Buffer.from(text)
  const micros = readYearlessTime(time, 0, time.length, now ?? 0)
  if (micros === undefined) return undefined
  return { length, micros: now === undefined ? undefined : micros + fraction }
}

/** Most lines that begin with no time show it by their first byte. */
function mayBegin(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const isDigit = byte >= 0x30 && byte <= 0x39
  const isCapital = byte >= 0x41 && byte <= 0x5a
  return isDigit || isCapital || byte === 0x5b || byte === 0x28 || byte === 0x3c
}
