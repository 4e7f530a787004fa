import { numberText } from './json-document.ts'
import { readEpoch, readIsoTime } from './timestamps.ts'

/** Names of the time of an event in logs that are free to choose, the most specific first. */
export const timeNames = ['@timestamp', 'timestamp', 'time', 'ts', 'datetime', 'date', 'eventTime']

/** Microseconds since 1970 of a time as services write it: ISO 8601, or a number since 1970 in whatever unit. */
export function readTime(value: unknown): number | undefined {
  const number = numberText(value)
  if (number !== undefined) return readEpoch(Number(number))
  if (typeof value !== 'string' || value.length > 64) return undefined
  const bytes = Buffer.from(value)
  return (
    readIsoTime(bytes, 0, bytes.length) ??
    (/^\d{9,19}(\.\d+)?$/.test(value) ? readEpoch(Number(value)) : undefined)
  )
}
