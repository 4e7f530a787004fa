/** Objects whose source names no format. */
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openObject } from '../../functions/parse/open-object.ts'
import { anySource, chunksOf, readObject, sourceOf } from '../split/read-object.ts'
import { contentOf, formatOf, soundContentOf, tellable } from './fixture-files.ts'
import { parquetFile } from './parquet-file.ts'

describe.each(tellable)('%s', (file) => {
  const format = formatOf(file)
  const content = soundContentOf(file)

  test('is read as in the format it is in, into tables of that format', async () => {
    const detected = await readObject(anySource, content)
    const named = await readObject(sourceOf({ format }), content)
    expect({ ...detected, tables: 'apart' }).toEqual({ ...named, tables: 'apart' })
    const renamed = Object.entries(named.tables).map(([name, rows]) => [
      name.replace(/^logs\.web_/, `logs.web__${format.replaceAll('-', '')}_`),
      rows,
    ])
    expect(detected.tables).toEqual(Object.fromEntries(renamed))
  })

  test.each([[1], [7, 300], [100_000]])('however it comes: gzip, %j bytes at a time', async (...sizes) => {
    const whole = await readObject(anySource, content)
    expect(await readObject(anySource, gzipSync(content), { sizes })).toEqual(whole)
  })
})

test('the bytes of an object are counted as they are read, decompressed', async () => {
  const content = Buffer.from(soundContentOf('clb.log'))
  for (const [format, bytes] of [
    [undefined, gzipSync(content)],
    ['clb', content],
  ] as const) {
    const open = await openObject(Readable.from([bytes]), 'clb.log', { format })
    expect(open.bytesRead()).toBe(0)
    for await (const _ of open.blocks) expect(open.bytesRead()).toBeGreaterThan(0)
    expect(open.bytesRead()).toBe(content.length)
    await open.close()
  }
})

test('a source split by clustering has a table a format', async () => {
  const { tables } = await readObject({ ...anySource, split: 'cluster' }, contentOf('nlb.log'))
  expect(Object.keys(tables)).toEqual(['logs.web__nlb', 'causeway.rejects'])
})

test('what comes after the first bytes plays no part', async () => {
  const line = soundContentOf('clb.log').toString().split('\n', 1)[0] ?? ''
  const lines = Math.ceil(262_144 / (line.length + 1))
  const content = `${`${line}\n`.repeat(lines)}${'{"level":"info"}\n'.repeat(20_000)}`
  const { counts } = await readObject(anySource, content)
  expect(counts).toEqual({ read: lines + 20_000, written: lines, filtered: 0, rejected: 20_000 })
})

test('a first line of many kilobytes is looked at whole', async () => {
  const record = { eventVersion: '1.08', eventTime: '2026-11-20T10:15:00Z', eventID: '1' }
  const content = JSON.stringify({ Records: [{ ...record, requestParameters: { x: 'x'.repeat(200_000) } }] })
  const { rowsByApp, tables } = await readObject(anySource, content)
  expect(rowsByApp).toEqual({ unknown: 1 })
  expect(Object.keys(tables)).toEqual(['logs.web__cloudtrail_unknown'])
})

test('JSON that Firehose wrote without newlines has its rows, however much it is', async () => {
  const count = 60_000
  const content = Array.from(
    { length: count },
    (_, n) => `{"n":${n},"service":"pay","message":"${'x'.repeat(80)}"}`,
  )
  for (const source of [anySource, sourceOf({ format: 'json-lines' })]) {
    const { counts, rowsByApp } = await readObject(source, content.join(''))
    expect(counts).toEqual({ read: count, written: count, filtered: 0, rejected: 0 })
    expect(rowsByApp).toEqual({ pay: count })
  }
})

test('Parquet is detected by its columns, and read once', async () => {
  const bytes = await parquetFile("SELECT 2 AS version, 'eni-1' AS interface_id, '192.0.2.7' AS srcaddr")
  const { rows, tables } = await readObject(anySource, bytes, { sizes: [100] })
  expect(rows).toMatchObject([{ app: 'eni-1', srcaddr: '192.0.2.7', version: '2' }])
  expect(Object.keys(tables)).toEqual(['logs.web__vpcflow_eni_1'])
})

test('Parquet of its own columns has rows as JSON lines have, with their time and well-known columns', async () => {
  const bytes =
    await parquetFile(`SELECT TIMESTAMP '2026-11-20 10:15:00.123456' AS timestamp, 'pay' AS service,
    'info' AS level, 'paid' AS message, 9007199254740993::BIGINT AS "order", ['a', 'b'] AS tags
    UNION ALL SELECT NULL, 'cart', NULL, 'empty', 7, []`)
  const { rows, tables, counts } = await readObject(anySource, bytes, { key: 'exports/day=1/part-0.parquet' })
  expect(counts).toEqual({ read: 2, written: 2, filtered: 0, rejected: 0 })
  expect(Object.keys(tables)).toEqual(['logs.web__jsonlines_pay', 'logs.web__jsonlines_cart'])
  expect(rows).toMatchObject([
    {
      app: 'pay',
      event_time: String(Date.UTC(2026, 10, 20, 10, 15) * 1000 + 123_456),
      level: 'info',
      message: 'paid',
    },
    { app: 'cart', message: 'empty' },
  ])
  expect(rows.map(({ rest }) => JSON.parse(String(rest)))).toMatchObject([
    { order: 9007199254740992, tags: ['a', 'b'] },
    { order: 7, tags: [] },
  ])
  expect(String(rows[0]?.['rest'])).toContain('"order":9007199254740993')
})

test.each(['', '\n', '\r\n\n'])('%j has no lines to be in a format, and none to lose', async (content) => {
  const { counts, tables } = await readObject(anySource, gzipSync(content))
  const blank = content.split('\n').length - 1
  expect(counts).toEqual({ read: blank, written: 0, filtered: blank, rejected: 0 })
  expect(tables).toEqual({})
})

describe('an object fails as a whole', () => {
  const failing: [string, () => Buffer | Promise<Buffer>, string][] = [
    ['of no text', () => Buffer.from('no\0text\n'), 'unknown_format'],
    ['cut off within its first bytes', () => gzipSync(contentOf('alb.log')).subarray(0, 300), 'corrupt_gzip'],
  ]
  test.each(failing)('%s', async (_, content, code) => {
    const stream = Readable.from(chunksOf(await content(), [1000]))
    await expect(openObject(stream, 'logs/one.log')).rejects.toMatchObject({ kind: 'object', code })
    expect(stream.destroyed).toBe(true)
  })

  test('of Parquet no log of AWS is, where AWS has one', async () => {
    const stream = Readable.from([await parquetFile("SELECT 'dry' AS sky")])
    const opening = openObject(stream, 'AWSLogs/0/vpcflowlogs/x.parquet')
    await expect(opening).rejects.toMatchObject({ kind: 'object', code: 'unknown_format' })
    await expect(opening).rejects.toThrow('its format cannot be detected by its key and columns (sky)')
    expect(stream.destroyed).toBe(true)
  })

  test('and says what to do', async () => {
    const stream = Readable.from([Buffer.from('no such lines')])
    await expect(openObject(stream, 'AWSLogs/0/vpcflowlogs/x')).rejects.toThrow(
      /^its format cannot be detected by its key and first bytes: name one of alb, .*, text$/,
    )
  })
})

function* endless(content: Buffer) {
  for (;;) yield content
}

test.each([undefined, 'alb'] as const)(
  'an object that is closed early is let go: format %s',
  async (format) => {
    for (const blocksRead of [0, 1]) {
      const stream = Readable.from(endless(contentOf('alb.log')))
      const { blocks, close } = await openObject(stream, 'k', { format })
      let read = 0
      if (blocksRead > 0) for await (const _ of blocks) if (++read === blocksRead) break
      expect(stream.destroyed).toBe(false)
      await close()
      expect(stream.destroyed).toBe(true)
      await close()
    }
  },
)

test('an object of no format is let go', async () => {
  const stream = Readable.from(endless(Buffer.from('no\0text\n')))
  await expect(openObject(stream, 'k')).rejects.toThrow('format')
  expect(stream.destroyed).toBe(true)
})
