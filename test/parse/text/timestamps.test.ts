import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEpoch, readIsoTime, readLogTime } from '../../../functions/parse/text/timestamps.ts'

function read(text: string): number | undefined {
  const bytes = Buffer.from(`9${text}9`)
  return readIsoTime(bytes, 1, bytes.length - 1)
}

test('agrees with Date, to the microsecond, in any zone', () => {
  const times = fc.tuple(
    fc.date({
      min: new Date('1678-01-01T00:00:00Z'),
      max: new Date('2250-01-01T00:00:00Z'),
      noInvalidDate: true,
    }),
    fc.integer({ min: 0, max: 999 }),
    fc.constantFrom('Z', 'z', '', '+02:00', '-0530', '+14', '-11:59'),
    fc.constantFrom('T', 't', ' '),
  )
  fc.assert(
    fc.property(times, ([date, micros, zone, separator]) => {
      const local = date.toISOString().slice(0, -1).replace('T', separator)
      const offset = /^([+-])(\d\d):?(\d\d)?$/.exec(zone)
      const minutes = offset ? Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3] ?? 0)) : 0
      const expected = (date.getTime() - minutes * 60_000) * 1000 + micros
      expect(read(`${local}${String(micros).padStart(3, '0')}${zone}`)).toBe(expected)
    }),
    { numRuns: 1000 },
  )
})

test.each([
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29) * 1000],
  ['2024-01-15T12:10:00.2Z', Date.UTC(2024, 0, 15, 12, 10, 0, 200) * 1000],
  ['2024-01-15T12:10:00,25Z', Date.UTC(2024, 0, 15, 12, 10, 0, 250) * 1000],
  ['2024-01-15T12:10:00.123456999Z', Date.UTC(2024, 0, 15, 12, 10, 0, 123) * 1000 + 456],
  ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1) * 1000],
  ['0001-01-01T00:00:00Z', -62_135_596_800_000_000],
])('%s', (text, micros) => expect(read(text)).toBe(micros))

test.each([
  ['no day', '2023-02-29T00:00:00Z'],
  ['no month', '2023-13-01T00:00:00Z'],
  ['no day 0', '2023-01-00T00:00:00Z'],
  ['no hour', '2023-01-01T24:00:00Z'],
  ['no minute', '2023-01-01T00:60:00Z'],
  ['no second', '2023-01-01T00:00:61Z'],
  ['no fraction', '2023-01-01T00:00:00.Z'],
  ['no zone', '2023-01-01T00:00:00+2'],
  ['text behind', '2023-01-01T00:00:00Z '],
  ['date only', '2023-01-01'],
  ['letters', '2023-01-0aT00:00:00Z'],
  ['before what BigQuery holds', '0000-12-31T23:59:59Z'],
  ['before it in UTC', '0001-01-01T00:00:00+01:00'],
  ['after it in UTC', '9999-12-31T23:59:59-01:00'],
  ['after it by a leap second', '9999-12-31T23:59:60Z'],
])('%s: %s is no time', (_, text) => expect(read(text)).toBeUndefined())

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

test('times of web servers agree with Date, in any zone', () => {
  const times = fc.tuple(
    fc.date({
      min: new Date('1970-01-02T00:00:00Z'),
      max: new Date('2250-01-01T00:00:00Z'),
      noInvalidDate: true,
    }),
    fc.constantFrom('+0000', '+0200', '-0530', ''),
  )
  fc.assert(
    fc.property(times, ([date, zone]) => {
      const [year, month, day] = date.toISOString().slice(0, 10).split('-')
      const text = `${day}/${monthNames[Number(month) - 1]}/${year}:${date.toISOString().slice(11, 19)}`
      const written = zone === '' ? text : `${text} ${zone}`
      const expected = Date.parse(
        `${written.replace(/^(..).(...).(....):/, '$1 $2 $3 ')}${zone === '' ? 'Z' : ''}`,
      )
      const bytes = Buffer.from(`9${written}9`)
      expect(readLogTime(bytes, 1, bytes.length - 1)).toBe(expected * 1000)
    }),
    { numRuns: 1000 },
  )
})

test.each([
  '31/Nov/2026:10:15:00 +0000',
  '20/nov/2026:10:15:00 +0000',
  '20/ovD/2026:10:15:00 +0000',
  '20/Nov/2026 10:15:00 +0000',
  '20/Nov/2026:10:15:00+0000',
  '20/Nov/2026:10:15:00 +0000 ',
  '20/Nov/2026:24:15:00 +0000',
  '20/Nov/2026:10:15',
])('%s is no time of a web server', (text) => {
  const bytes = Buffer.from(text)
  expect(readLogTime(bytes, 0, bytes.length)).toBeUndefined()
})

test.each([
  [1_700_000_000, 1_700_000_000_000_000],
  [1_700_000_000.123456, 1_700_000_000_123_456],
  [1_700_000_000_123, 1_700_000_000_123_000],
  [1_700_000_000_123_456, 1_700_000_000_123_456],
  [1_700_000_000_123_456_800, 1_700_000_000_123_457],
])('epoch %d', (value, micros) => expect(readEpoch(value)).toBe(micros))

test.each([0, 200, 12_345_678, 1e20, -9e10, -9e16, Number.POSITIVE_INFINITY, Number.NaN])(
  '%d is no time',
  (value) => expect(readEpoch(value)).toBeUndefined(),
)
