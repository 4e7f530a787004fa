/**
 * First and last day of BigQuery's DATE, in days since 1970: 0001-01-01 and 9999-12-31
 * (https://cloud.google.com/bigquery/docs/supported-data-types).
 */
export const firstDay = -719_162
export const lastDay = 2_932_896

const microsPerDay = 86_400_000_000n
const firstMicros = BigInt(firstDay) * microsPerDay
const lastMicros = BigInt(lastDay + 1) * microsPerDay - 1n

/** Whether a number of microseconds since 1970 lies in the years 0001 to 9999, as BigQuery requires. */
export function isInCalendar(micros: bigint | number): boolean {
  return micros >= firstMicros && micros <= lastMicros
}

/** `2024-05-01T12:00:00.000001+00`, from microseconds since 1970. */
export function timestampText(micros: bigint): string {
  const fraction = Number(((micros % 1_000_000n) + 1_000_000n) % 1_000_000n)
  return secondsText(Number(micros / 1_000_000n) - (micros < 0n && fraction > 0 ? 1 : 0), fraction)
}

/** The same for a number that is a safe integer, which is many times faster. */
export function safeTimestampText(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000)
  return secondsText(seconds, micros - seconds * 1_000_000)
}

/** Rows of a log come close together in time, so the last minute's text is kept: it is most of the cost. */
let lastMinute = { minute: Number.NaN, text: '' }

function secondsText(seconds: number, micros: number): string {
  const minute = Math.floor(seconds / 60)
  if (minute !== lastMinute.minute) {
    lastMinute = { minute, text: new Date(minute * 60_000).toISOString().slice(0, 17) }
  }
  return `${lastMinute.text}${padded(seconds - minute * 60, 2)}.${padded(micros, 6)}+00`
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}

/** `2024-05-01`, from days since 1970. */
export function dateText(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10)
}

const timePattern = '([01]?\\d|2[0-3]):([0-5]?\\d):([0-5]?\\d)(\\.\\d{1,6})?'
const timeLiteral = new RegExp(`^${timePattern}$`)
const datetimeLiteral = new RegExp(`^(\\d{4})-(\\d{1,2})-(\\d{1,2})(?:[ Tt]${timePattern})?$`)

/** Whether a text is a TIME literal that DuckDB reads alike. */
export function isTimeLiteral(text: string): boolean {
  return timeLiteral.test(text)
}

/** Reads a DATETIME literal into microseconds since 1970 as if it were UTC, whole seconds only; undefined if it is none. */
export function datetimeMicros(text: string): number | undefined {
  const [matched, year, month, day, hour = 0, minute = 0, second = 0] = datetimeLiteral.exec(text) ?? []
  if (matched === undefined || Number(year) === 0) return undefined
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined
  date.setUTCHours(Number(hour), Number(minute), Number(second))
  return date.getTime() * 1000
}
