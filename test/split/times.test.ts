import { expect, test } from 'vitest'
import { readObject, sourceOf } from './read-object.ts'

const json = sourceOf({ format: 'json-lines' })
const micros = String(Date.UTC(2026, 10, 20, 10, 15) * 1000)

test.each([
  { time: '2026-11-20 10:15:00 +0000' },
  { Timestamp: '2026-11-20T10:15:00Z' },
  { '@t': '2026-11-20T10:15:00Z' },
  { t: { $date: '2026-11-20T10:15:00.000+00:00' } },
  { t: { $date: { $numberLong: '1795169700000' } } },
  { timestamp: { seconds: 1795169700, nanos: 0 } },
  { timestamp: { seconds: '1795169700' } },
  { __REALTIME_TIMESTAMP: '1795169700000000' },
  { published: '2026-11-20T10:15:00.000Z' },
  { TIME: 1795169700 },
  { requestTime: '20/Nov/2026:10:15:00 +0000' },
  { createdAt: '2026-11-20T10:15:00Z', startTime: 'soon' },
])('%j has a time', async (record) => {
  const { rows, rowsWithoutTime } = await readObject(json, `${JSON.stringify(record)}\n`)
  expect(rows).toMatchObject([{ event_time: micros }])
  expect(rowsWithoutTime).toBe(0)
})

test('rows without a time are counted, whatever becomes of the others', async () => {
  const text = '{"time":"2026-11-20T10:15:00Z"}\n{"a":1}\n{"time":"soon"}\nno json\n\n'
  const { rowsWithoutTime, counts } = await readObject(json, text)
  expect([rowsWithoutTime, counts.written]).toEqual([2, 3])
  const map = (row: object) => ({ ...row, event_time: '2026-11-20T10:15:00Z' })
  expect((await readObject({ ...json, map }, text)).rowsWithoutTime).toBe(0)
  const matched = await readObject({ ...json, app: { field: 'a', match: /x/ } }, text)
  expect(matched.rowsWithoutTime).toBe(2)
})

test('the field that the source says is the time, and no other', async () => {
  const time = { field: 'meta.when', format: '%d.%m.%Y %H:%M', zone: 'Europe/Berlin' }
  const lines = [
    { time: '2020-01-01T00:00:00Z', meta: { when: '20.11.2026 11:15' } },
    { time: '2020-01-01T00:00:00Z', meta: { when: 'soon' } },
    { time: '2020-01-01T00:00:00Z' },
  ]
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const { rows } = await readObject({ ...json, time }, text)
  expect(rows.map((row) => row['event_time'])).toEqual([micros, undefined, undefined])
  expect(rows.map((row) => JSON.parse(String(row['rest'])))).toEqual(lines)
})

test('the same of csv, and of text with a pattern', async () => {
  const csv = sourceOf({ format: 'csv', time: { field: 'at', format: 'epoch_ms' } })
  expect((await readObject(csv, 'time,at\n2020-01-01T00:00:00Z,1795169700000\n')).rows).toMatchObject([
    { event_time: micros },
  ])
  const pattern = /^(?<at>\S+ \S+) (?<message>.*)/
  const text = sourceOf({ format: 'text', pattern, time: { field: 'at', format: '%d.%m.%Y %H:%M' } })
  expect((await readObject(text, '20.11.2026 10:15 started\n')).rows).toMatchObject([{ event_time: micros }])
})

test('a time without a year is of the upload, not of the loading', async () => {
  const syslog = sourceOf({ format: 'syslog' })
  const uploadedAt = Date.UTC(2024, 5, 1)
  const { rows } = await readObject(syslog, '<13>May 20 10:15:00 web-1 app: started\n', { uploadedAt })
  expect(rows).toMatchObject([{ event_time: String(Date.UTC(2024, 4, 20, 10, 15) * 1000) }])
})

test('versions of RFC 5424 have up to three digits', async () => {
  const line = '<13>4 2026-11-20T10:15:00Z web-1 app 7 ID1 - started'
  const { rows } = await readObject(sourceOf({ format: 'syslog' }), `${line}\n`)
  expect(rows).toMatchObject([{ app_name: 'app', msg_id: 'ID1', message: 'started' }])
})
