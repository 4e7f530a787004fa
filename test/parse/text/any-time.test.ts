import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAnyTime } from '../../../functions/parse/text/any-time.ts'
import { timeFormatFault, timeReader } from '../../../functions/parse/text/time-format.ts'
import { zoneOffsets } from '../../../functions/parse/text/time-zone.ts'

const read = (text: string) => {
  const bytes = Buffer.from(`9${text}9`)
  return readAnyTime(bytes, 1, bytes.length - 1)
}
const quarterPast = Date.UTC(2026, 10, 20, 10, 15) * 1000

test.each([
  '2026-11-20T10:15:00Z',
  '2026-11-20T11:15:00+01:00',
  '2026-11-20 10:15:00',
  '2026-11-20 10:15:00 +0000',
  '2026-11-20 10:15:00 UTC',
  '2026-11-20 10:15:00.000000 +0000 UTC',
  '2026-11-20 11:15:00 +0100 CET m=+0.012',
  '2026-11-20 10:15',
  '2026/11/20 10:15:00',
  '2026/11/20 11:15:00 +01:00',
  '20/Nov/2026:10:15:00 +0000',
  'Fri, 20 Nov 2026 10:15:00 GMT',
  'Friday, 20-Nov-2026 10:15:00 GMT',
  'Fri Nov 20 10:15:00 2026',
  'Fri Nov 20 10:15:00 UTC 2026',
  'Fri Nov 20 10:15:00 2026 UTC',
  'Nov 20, 2026 10:15:00 AM',
  '20 Nov 2026 10:15:00',
  '20261120T101500Z',
  '1795169700',
  '1795169700.000',
  '1795169700000',
  '1795169700000000',
  '1795169700000000000',
])('%s', (text) => expect(read(text)).toBe(quarterPast))

test.each([
  ['2026-11-20 10:15:00,123', 123_000],
  ['2026-11-20 10:15:00.123456789 +0000 UTC', 123_456],
  ['Fri Nov 20 10:15:00.5 2026', 500_000],
  ['1795169700.123456', 123_456],
  ['1795169700123456789', 123_456],
])('%s', (text, micros) => expect(read(text)).toBe(quarterPast + micros))

test.each([
  'yesterday',
  '11/12/2026 10:15:00',
  '2026-02-31 10:15:00 UTC',
  '2026/13/01 10:15:00',
  'Fri Foo 20 10:15:00 2026',
  '2026-11-20 10:15:00 CET',
  '2026-11-20 25:15:00 UTC',
  'Nov 20, 2026 13:15:00 AM',
  '12345',
  '192.168.100.200',
  '2026-11-20',
])('%s is no time that is certain', (text) => expect(read(text)).toBeUndefined())

const instant = fc.date({
  min: new Date('2001-09-09T02:00:00Z'),
  max: new Date('2100-01-01T00:00:00Z'),
  noInvalidDate: true,
})
const two = (value: number) => String(value).padStart(2, '0')

/** Printers that know nothing of the reader. */
const printers: Readonly<Record<string, (date: Date) => string>> = {
  iso: (date) => date.toISOString(),
  slashes: (date) => date.toISOString().replaceAll('-', '/').replace('T', ' ').replace('Z', ' +0000'),
  http: (date) => date.toUTCString(),
  asctime: (date) =>
    date
      .toUTCString()
      .replace(
        /^(\w+), (\d\d) (\w+) (\d+) (\S+) GMT$/,
        (_, day, date, month, year, clock) => `${day} ${month} ${date.replace(/^0/, ' ')} ${clock} ${year}`,
      ),
  american: (date) =>
    `${date.toLocaleString('en-US', { timeZone: 'UTC', month: 'short', day: 'numeric', year: 'numeric' })} ${date
      .toLocaleString('en-US', {
        timeZone: 'UTC',
        hour: 'numeric',
        minute: '2-digit',
        second: '2-digit',
        hour12: true,
      })
      .replace('\u202f', ' ')
      .replace(/^(\d):/, '0$1:')}`,
  compact: (date) => date.toISOString().replaceAll(/[-:]|\.\d+/g, ''),
  seconds: (date) => String(Math.floor(date.getTime() / 1000)),
  milliseconds: (date) => String(date.getTime()),
  nanoseconds: (date) => `${date.getTime()}000000`,
}

test.each(Object.entries(printers))('%s: what is printed is read back', (name, print) => {
  const keepsMillis = ['iso', 'slashes', 'milliseconds', 'nanoseconds'].includes(name)
  fc.assert(
    fc.property(instant, (date) => {
      const wanted = keepsMillis ? date.getTime() : Math.floor(date.getTime() / 1000) * 1000
      expect([print(date), read(print(date))]).toEqual([print(date), wanted * 1000])
    }),
    { numRuns: 300 },
  )
})

describe('a format that is given', () => {
  test.each([
    ['%Y-%m-%d %H:%M:%S,%f', '2026-11-20 10:15:00,25', 250_000],
    ['%d.%m.%Y %H:%M', '20.11.2026 10:15', 0],
    ['%b %e %Y %I:%M:%S %p %z', 'Nov 20 2026 11:15:00 AM +0100', 0],
    ['[%d/%b/%Y %H:%M:%S]', '[20/Nov/2026 10:15:00]', 0],
    ['epoch_s', '1795169700.5', 500_000],
    ['epoch_ms', '1795169700001', 1_000],
    ['epoch_us', '1795169700000007', 7],
    ['epoch_ns', '1795169700000007999', 7],
  ])('%s', (format, text, micros) => {
    expect(timeFormatFault(format)).toBeUndefined()
    expect(timeReader({ format })(text)).toBe(quarterPast + micros)
    expect(timeReader({ format })(`x${text}`)).toBeUndefined()
  })

  test.each([
    ['%Y-%m-%d %Q', 'has %Q, which is none of'],
    ['%H:%M:%S', 'names no year'],
    ['ISO', 'is no format of times'],
    ['%Y-%m-%d %', 'has %, which is none of'],
  ])('%s is none', (format, fault) => expect(timeFormatFault(format)).toContain(fault))
})

describe('a zone', () => {
  const berlin = timeReader({ zone: 'Europe/Berlin' })
  test.each([
    ['in winter', '2026-11-20 11:15:00', '2026-11-20T10:15:00Z'],
    ['in summer', '2026-07-20 12:15:00', '2026-07-20T10:15:00Z'],
    ['the hour that comes twice has the offset from before', '2026-10-25 02:30:00', '2026-10-25T00:30:00Z'],
    ['the hour that is skipped has the offset from before', '2026-03-29 02:30:00', '2026-03-29T01:30:00Z'],
    ['right after the change', '2026-03-29 03:00:00', '2026-03-29T01:00:00Z'],
    ['of times without one only', '2026-11-20T10:15:00Z', '2026-11-20T10:15:00Z'],
    ['an offset that is there counts', '2026-11-20 10:15:00 -05:00', '2026-11-20T15:15:00Z'],
  ])('%s', (_, text, utc) => expect(berlin(text)).toBe(Date.parse(utc) * 1000))

  test('agrees with Intl all year round', () => {
    for (const name of [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      '+05:45',
    ]) {
      const offset = zoneOffsets(name)
      const clock = new Intl.DateTimeFormat('sv-SE', {
        timeZone: name,
        dateStyle: 'short',
        timeStyle: 'medium',
      })
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 5.5 * 3_600_000) {
        const local = Date.parse(`${clock.format(at).replace(' ', 'T')}Z`)
        const back = local - offset(local * 1000) / 1000
        // The same time of the clock, if it comes twice.
        expect(clock.format(back)).toBe(clock.format(at))
      }
    }
  })

  test('the hour and minute of two digits', () =>
    expect(berlin(`2026-11-20 ${two(1)}:05:00`)).toBe(Date.UTC(2026, 10, 20, 0, 5) * 1000))
})
