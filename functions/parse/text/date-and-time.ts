import { readIsoTime } from './timestamps.ts'

const joined = Buffer.from('yyyy-mm-ddThh:mm:ssZ')

/** Microseconds since 1970 of a date such as `2026-11-20` and a time such as `10:15:00`, in UTC; undefined if they are none. */
export function readDateAndTime(date: Buffer, time: Buffer): number | undefined {
  if (date.length !== 10 || time.length !== 8) return undefined
  date.copy(joined, 0)
  time.copy(joined, 11)
  return readIsoTime(joined, 0, joined.length)
}
