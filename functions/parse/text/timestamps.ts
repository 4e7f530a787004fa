const dayMicros = 86_400_000_000
/** BigQuery's TIMESTAMP: from year 1 to the end of 9999. A time outside would have the whole append refused. */
const oldest = -62_135_596_800_000_000
const beyond = 253_402_300_800_000_000

/** Digits `bytes[at, at + count)` as a number; NaN if one is none. */
function digits(bytes: Buffer, at: number, count: number): number {
  let value = 0
  for (let index = at; index < at + count; index++) {
    const digit = (bytes[index] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** Microseconds at the start of a UTC day; NaN if there is no such day. Lines come in runs of one day: the last is kept. */
let lastDay = { year: 0, month: 0, day: 0, micros: Number.NaN }
export function dayStart(year: number, month: number, day: number): number {
  if (lastDay.year === year && lastDay.month === month && lastDay.day === day) return lastDay.micros
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  lastDay = { year, month, day, micros: real ? date.getTime() * 1000 : Number.NaN }
  return lastDay.micros
}

/**
 * Microseconds since 1970 of an ISO 8601 time such as `2024-01-15T12:10:00.200705Z`, `... 12:10:00+02:00`.
 * Digits past the sixth of a second are cut off; without a zone it is UTC. Undefined if it is no such time.
 */
export function readIsoTime(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start < 19 || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return undefined
  if (bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return undefined
  const separator = bytes[start + 10]
  if (separator !== 0x54 && separator !== 0x20 && separator !== 0x74) return undefined
  const day = dayStart(digits(bytes, start, 4), digits(bytes, start + 5, 2), digits(bytes, start + 8, 2))
  const { micros: fraction, next } = readFraction(bytes, start + 19, end)
  return bounded(day + readClock(bytes, start + 11) + fraction - readZone(bytes, next, end))
}

/**
 * Microseconds since 1970 of a time such as `20/Nov/2026:10:15:00 +0000`, as web servers and S3 write it.
 * Undefined if it is no such time.
 */
export function readLogTime(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start < 20 || bytes[start + 2] !== 0x2f || bytes[start + 6] !== 0x2f) return undefined
  if (bytes[start + 11] !== 0x3a || bytes[start + 14] !== 0x3a || bytes[start + 17] !== 0x3a) return undefined
  if (end > start + 20 && bytes[start + 20] !== 0x20) return undefined
  const day = dayStart(digits(bytes, start + 7, 4), readMonth(bytes, start + 3), digits(bytes, start, 2))
  return bounded(day + readClock(bytes, start + 12) - readZone(bytes, Math.min(start + 21, end), end))
}

/**
 * Microseconds since 1970 of a time without a year such as `Nov  3 10:15:00` or `Nov 3 10:15:00`, in UTC: the latest
 * such time up to a day after `now`, in epoch milliseconds. Undefined if it is no such time.
 */
export function readYearlessTime(bytes: Buffer, start: number, end: number, now: number): number | undefined {
  const clockAt = end - 8
  if (end - start < 14 || end - start > 15 || bytes[start + 3] !== 0x20) return undefined
  if (bytes[clockAt - 1] !== 0x20 || bytes[clockAt + 2] !== 0x3a || bytes[clockAt + 5] !== 0x3a)
    return undefined
  const month = readMonth(bytes, start)
  const dayAt = bytes[start + 4] === 0x20 ? start + 5 : start + 4
  const day = digits(bytes, dayAt, clockAt - 1 - dayAt)
  const latest = now * 1000 + dayMicros
  const year = new Date(latest / 1000).getUTCFullYear()
  // 29 February may be eight years back, as from 1904 to 1896.
  for (let back = 0; back <= 8; back++) {
    const micros = dayStart(year - back, month, day) + readClock(bytes, clockAt)
    if (micros <= latest) return bounded(micros)
  }
  return undefined
}

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** The number of the month whose three letters stand at `at`; NaN if none does. */
function readMonth(bytes: Buffer, at: number): number {
  return readMonthName(bytes.toString('latin1', at, at + 3))
}

/** The number of the month of these three letters; NaN if it is none. */
export function readMonthName(name: string): number {
  const index = name.length === 3 ? months.indexOf(name) : -1
  return index < 0 || index % 3 > 0 ? Number.NaN : index / 3 + 1
}

/** Microseconds since midnight of `hh:mm:ss`; NaN if it is no such time. A leap second is the next one's start. */
function readClock(bytes: Buffer, at: number): number {
  const hour = digits(bytes, at, 2)
  const minute = digits(bytes, at + 3, 2)
  const second = digits(bytes, at + 6, 2)
  return hour < 24 && minute < 60 && second < 61
    ? (hour * 3600 + minute * 60 + second) * 1_000_000
    : Number.NaN
}

/** Microseconds since 1970, if BigQuery's TIMESTAMP goes that far. */
export function bounded(micros: number): number | undefined {
  return micros >= oldest && micros < beyond ? micros : undefined
}

function readFraction(bytes: Buffer, at: number, end: number): { micros: number; next: number } {
  if (at >= end || (bytes[at] !== 0x2e && bytes[at] !== 0x2c)) return { micros: 0, next: at }
  let micros = 0
  let unit = 100_000
  let next = at + 1
  for (; next < end; next++) {
    const digit = (bytes[next] ?? 0) - 0x30
    if (digit < 0 || digit > 9) break
    if (unit >= 1) micros += digit * unit
    unit /= 10
  }
  return { micros: next === at + 1 ? Number.NaN : Math.trunc(micros), next }
}

/** Microseconds east of UTC of `Z`, `+hh:mm`, `+hhmm`, `+hh` or nothing; NaN for anything else. */
function readZone(bytes: Buffer, at: number, end: number): number {
  const length = end - at
  if (length === 0) return 0
  const sign = bytes[at]
  if (length === 1) return sign === 0x5a || sign === 0x7a ? 0 : Number.NaN
  if (sign !== 0x2b && sign !== 0x2d) return Number.NaN
  if (length !== 3 && length !== 5 && length !== 6) return Number.NaN
  if (length === 6 && bytes[at + 3] !== 0x3a) return Number.NaN
  const minutes = length === 3 ? 0 : digits(bytes, end - 2, 2)
  const offset = (digits(bytes, at + 1, 2) * 60 + minutes) * 60_000_000
  return Math.abs(offset) > dayMicros ? Number.NaN : sign === 0x2b ? offset : -offset
}

/** A time as a number: seconds, milli-, micro- or nanoseconds since 1970, by its size (years 1973 to 5138). */
export function readEpoch(value: number): number | undefined {
  const size = Math.abs(value)
  if (size < 1e8) return undefined
  if (size < 1e11) return bounded(Math.round(value * 1_000_000))
  if (size < 1e14) return bounded(Math.round(value * 1000))
  if (size < 1e17) return bounded(Math.round(value))
  return size < 1e20 ? bounded(Math.round(value / 1000)) : undefined
}

/** The same of a number as it is written. Nanoseconds have more digits than a number keeps. */
export function readEpochText(text: string): number | undefined {
  if (!/^\d{9,19}(\.\d+)?$/.test(text)) return undefined
  const whole = text.split('.')[0] ?? ''
  return whole.length > 16 ? bounded(Number(whole.slice(0, -3))) : readEpoch(Number(text))
}
