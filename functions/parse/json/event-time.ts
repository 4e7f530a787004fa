import { readFloat } from '../text/numbers.ts'
import { readEpoch, readIsoTime } from '../text/timestamps.ts'
import { numberText } from './json-document.ts'
import type { JsonMembers } from './json-members.ts'

/** Names of the time of an event in logs that are free to choose, the most specific first. */
export const timeNames = ['@timestamp', 'timestamp', 'time', 'ts', 'datetime', 'date', 'eventTime']

/** Microseconds since 1970 of a time as services write it: ISO 8601, or a number since 1970 in whatever unit. */
export function readTime(value: unknown): number | undefined {
  const number = numberText(value)
  if (number !== undefined) return readEpoch(Number(number))
  if (typeof value !== 'string' || value.length > 64) return undefined
  const bytes = Buffer.from(value)
  return readTimeText(bytes, 0, bytes.length)
}

/** The same of a member as it stands. */
export function readMemberTime(members: JsonMembers, index: number): number | undefined {
  if (members.isNumber(index)) {
    const value = readFloat(members.bytes, members.start(index), members.end(index))
    return value === undefined ? undefined : readEpoch(value)
  }
  if (!members.isText(index)) return undefined
  const { bytes, start, end } = members.textBytes(index)
  return end - start > 64 ? undefined : readTimeText(bytes, start, end)
}

function readTimeText(bytes: Buffer, start: number, end: number): number | undefined {
  const micros = readIsoTime(bytes, start, end)
  if (micros !== undefined) return micros
  const text = bytes.toString('latin1', start, end)
  return /^\d{9,19}(\.\d+)?$/.test(text) ? readEpoch(Number(text)) : undefined
}
