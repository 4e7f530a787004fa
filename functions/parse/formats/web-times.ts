import type { Field } from '../text/fields.ts'
import { readFloat } from '../text/numbers.ts'
import { bounded, readLogTime } from '../text/timestamps.ts'
import { requestTime, time } from './nginx-fields.ts'

/** The line's time, as web servers write it or in another spelling. */
export function timeRead(read = readLogTime): Field {
  return {
    ...time,
    expects: 'time',
    write: (row, column, bytes, start, end) => {
      const micros = read(bytes, start, end)
      if (micros === undefined) return false
      row.timestamp(column, micros)
      row.eventTime(micros)
      return true
    },
  }
}

/** The line's time since 1970, in so many parts of a second. */
export function epochTime(partsOfSecond: number): Field {
  return timeRead((bytes, start, end) => {
    const value = readFloat(bytes, start, end)
    return value === undefined ? undefined : bounded(Math.round(value * (1_000_000 / partsOfSecond)))
  })
}

/** The time a request took, in so many parts of a second. Of whole parts, the column has the double next to it. */
export function timeTaken(partsOfSecond: number): Field {
  return {
    ...requestTime,
    expects: 'number',
    write: (row, column, bytes, start, end) => {
      const value = readFloat(bytes, start, end)
      if (value === undefined) return false
      row.float(column, value / partsOfSecond)
      return true
    },
  }
}
