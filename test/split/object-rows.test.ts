import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxLineBytes } from '../../functions/model/line-block.ts'
import { ObjectRows } from '../../functions/split/object-rows.ts'
import { readObject, sourceOf } from './read-object.ts'

const json = sourceOf({ format: 'json-lines' })
const alb = sourceOf({ format: 'alb' })

const anyBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc
        .constantFrom('\n', '\r\n', '{}', '{"app":"a"}', '\ufeff', '{"app":"\xff"}', '" "')
        .map((part) => Buffer.from(part, 'latin1')),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Buffer.concat(parts))

/** Lines of bytes, by a split of latin1 text. */
function naiveLines(bytes: Buffer): string[] {
  const lines = bytes.toString('latin1').split('\n')
  return (lines.at(-1) === '' ? lines.slice(0, -1) : lines).map((line) => line.replace(/\r$/, ''))
}

/** How many JSON objects a line is, of the few the bytes above may have: by grammar. */
function naiveRecords(line: string): number {
  const object = /\{(?:"app":"[^"]*")?\}/
  const between = '[\\t-\\r ]*(?:\\xef\\xbb\\xbf)?[\\t-\\r ]*'
  const isObjects = new RegExp(`^${object.source}(?:${between}(?:${object.source}|$))*$`)
  return isObjects.test(line) ? line.split(object).length - 1 : 1
}

test.each([json, alb])(
  'of any bytes, every line is written, filtered or rejected: $format',
  async (source) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(anyBytes, sizes, async (bytes, chunkSizes) => {
        // Not compressed data, and not marked as UTF-16: those are other tests.
        fc.pre(
          ![0x1f, 0x28].includes(bytes[0] ?? 0) && !['fffe', 'feff'].includes(bytes.toString('hex', 0, 2)),
        )
        const whole = await readObject(source, bytes)
        const lines = naiveLines(bytes)
        // NULs in front of a line are left out.
        fc.pre(lines.every((line) => !line.startsWith('\0')))
        // Objects laid out otherwise are no lines.
        const first = lines.find((line) => line.replace(/^\xef\xbb\xbf/, '').trim() !== '') ?? ''
        const start = first.replace(/^\xef\xbb\xbf/, '').trim()
        const isLaidOut = '[\u001e'.includes(start.charAt(0)) || /^\{(?!.*\}$)/.test(start)
        fc.pre(source !== json || start === '' || !isLaidOut)
        const blank = lines.filter(
          (line, index) => line.replace(index === 0 ? /^\xef\xbb\xbf/ : '', '') === '',
        )
        const records =
          source === json
            ? lines.map((line, index) => naiveRecords(index === 0 ? line.replace(/^\xef\xbb\xbf/, '') : line))
            : lines.map(() => 1)
        const read = records.reduce((sum, count) => sum + count, 0)
        expect(whole.counts).toEqual({
          read,
          written: whole.rows.length,
          rejected: whole.rejects.length,
          filtered: blank.length,
        })
        expect(whole.rows.length + whole.rejects.length + blank.length).toBe(read)
        expect(await readObject(source, bytes, { sizes: chunkSizes })).toEqual(whole)
      }),
      { numRuns: 400 },
    )
  },
)

test('the lengths of rejected lines are those of the object, whatever its bytes', async () => {
  await fc.assert(
    fc.asyncProperty(anyBytes, async (bytes) => {
      fc.pre(bytes[0] !== 0x1f && bytes[0] !== 0x28)
      const lines = naiveLines(bytes)
      // NULs in front of a line are left out.
      fc.pre(lines.every((line) => !line.startsWith('\0')))
      for (const { source_line, raw_bytes } of (await readObject(alb, bytes)).rejects) {
        const line = lines[Number(source_line) - 1] ?? ''
        expect(Number(raw_bytes)).toBe(line.replace(source_line === '1' ? /^\xef\xbb\xbf/ : '', '').length)
      }
    }),
  )
})

test('a byte order mark is no part of the first line, and of no other', async () => {
  for (const sizes of [[1], [2], [100]]) {
    const { rows, rejects } = await readObject(json, '\ufeff{"app":"a"}\r\n\ufeff{}\r\n', { sizes })
    expect([rows.length, rejects.length]).toEqual([1, 1])
    expect((await readObject(json, '\ufeff\r\n', { sizes })).counts.filtered).toBe(1)
  }
})

test('bytes that are no UTF-8 become U+FFFD in the row, and touch no other line', async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"app":"a","msg":"caf\u00e9"}\n{"app":"b","msg":"half '),
    Buffer.from([0xed, 0xa0, 0xbd]),
    Buffer.from('"}\n\xff\n', 'latin1'),
  ])
  const { rows, rejects } = await readObject(json, bytes)
  expect(rows.map((row) => row['message'])).toEqual(['café', 'half \ufffd\ufffd\ufffd'])
  expect(rejects).toMatchObject([{ raw_line: '\ufffd', raw_bytes: '1', source_line: '3' }])
})

test.each([-2, -1, 0, 1, 2])('a line of 4 MiB%+d, however cut and ended', async (more) => {
  const line = `{"msg":"${'x'.repeat(maxLineBytes + more - 10)}"}`
  for (const end of ['\n', '\r\n', '']) {
    const content = Buffer.from(`{}\n${line}${end}${end && '{}\n'}`)
    // The end of the line as it stands counts, but for the newline.
    const fits = more + (end === '\r\n' ? 1 : 0) <= 0
    for (const border of [
      content.length,
      maxLineBytes - 1,
      maxLineBytes + 3,
      maxLineBytes + 4,
      line.length + 3,
    ]) {
      const { counts, rejects } = await readObject(json, content, { sizes: [border, content.length] })
      expect(counts).toMatchObject({ read: end ? 3 : 2, rejected: fits ? 0 : 1 })
      const reject = rejects.map((row) => [
        row['error_class'],
        row['raw_bytes'],
        String(row['raw_line']).length,
      ])
      const length = String(line.length + (end === '\r\n' ? 1 : 0))
      expect(reject).toEqual(fits ? [] : [['line_too_long', length, maxLineBytes]])
    }
  }
})

test('a line of 20 MB is one reject, its neighbours are rows', async () => {
  const content = `{}\n{"msg":"${'é'.repeat(10_000_000)}"}\n{}\n`
  for (const sizes of [[64 * 1024], [30_000_000]]) {
    const { counts, rejects } = await readObject(json, content, { sizes })
    expect(counts).toEqual({ read: 3, written: 2, filtered: 0, rejected: 1 })
    expect(rejects[0]?.['raw_bytes']).toBe('20000010')
    const raw = String(rejects[0]?.['raw_line'])
    expect(content.slice(3).startsWith(raw.replace(/\ufffd$/, ''))).toBe(true)
    expect(Buffer.byteLength(raw)).toBeGreaterThan(maxLineBytes - 4)
  }
})

test('a row that outgrows a request is a reject', async () => {
  const bytes = Buffer.concat([Buffer.from('{"msg":"'), Buffer.alloc(3_000_000, 0xff), Buffer.from('"}')])
  const { rejects } = await readObject(json, bytes)
  expect(rejects).toMatchObject([{ error_class: 'row_too_large', raw_bytes: '3000010' }])
  expect(Buffer.byteLength(String(rejects[0]?.['raw_line']))).toBeLessThanOrEqual(maxLineBytes)
})

test.each([
  ['quotes', '" '],
  ['opened quotes', ' "x'],
  ['spaces', ' '],
  ['dashes', '- '],
  ['brackets', '['],
  ['no UTF-8, then some', '\xff'],
  ['digits', '1'],
  ['digits and points', '1.'],
  ['commas', ','],
  ['escapes', '\\"'],
])('a hostile megabyte of %s is no work', async (_, piece) => {
  const body = piece.repeat(2_000_000 / piece.length)
  const time = 'http 2026-11-20T10:15:00Z '
  const some = body.slice(0, 1_200_000)
  const lines = [
    body,
    `${time}${body}`,
    `{"a":${body}}`,
    `{"a":"${body}"}`,
    `${some}${'x'.repeat(1_000_000)}`,
  ]
  for (const line of lines) {
    const bytes = Buffer.from(line, 'latin1')
    for (const source of [json, alb]) {
      const start = performance.now()
      expect((await readObject(source, bytes)).counts.read).toBe(1)
      // Some milliseconds; anything quadratic takes minutes.
      expect(performance.now() - start).toBeLessThan(3000)
    }
  }
})

test('apps get tables of their own up to the cap, then share one', async () => {
  const lines = ['a', 'b', 'c', 'a', 'd', 'c'].map((app) => `{"app":"${app}"}`).join('\n')
  const { tables, rowsByApp } = await readObject({ ...json, maxTables: 2 }, lines)
  const apps = Object.entries(tables).map(([name, rows]) => [name, rows.map(({ app }) => app)])
  expect(Object.fromEntries(apps)).toEqual({
    'logs.web_a': ['a', 'a'],
    'logs.web_b': ['b'],
    'logs.web_other': ['c', 'd', 'c'],
  })
  expect(rowsByApp).toEqual({ a: 2, b: 1, '(others)': 3 })
})

test('an app that is named as what is past the cap has a table of its own', async () => {
  const lines = ['(others)', 'a', 'b', '(others)'].map((app) => `{"app":"${app}"}`).join('\n')
  const { tables, rowsByApp } = await readObject({ ...json, maxTables: 2 }, lines)
  expect(tables['logs.web_other']).toMatchObject([{ app: 'b' }])
  expect(rowsByApp).toEqual({ a: 1, '(others)': 3 })
})

test('a source split by clustering has one table, and tells as many apps apart', async () => {
  const lines = ['a', 'b', 'a', 'c'].map((app) => `{"app":"${app}"}`).join('\n')
  const { tables, rows, rowsByApp } = await readObject({ ...json, split: 'cluster', maxTables: 1 }, lines)
  expect(Object.keys(tables)).toEqual(['logs.web'])
  expect(rows.map(({ app }) => app)).toEqual(['a', 'b', 'a', 'c'])
  expect(rowsByApp).toEqual({ a: 2, '(others)': 2 })
})

test.each(['tables', 'cluster'] as const)(
  'of more apps than a record has room for, those with most rows are listed: %s',
  async (split) => {
    // As many bytes as JSON can make of a character.
    const name = (index: number) => `${'\u0001'.repeat(100)}${index}`
    const many = (index: number) => index % 100 === 0
    const lines = Array.from({ length: 2000 }, (_, index) =>
      `${JSON.stringify({ app: name(index) })}\n`.repeat(many(index) ? 3 : 1),
    )
    const { rows, rowsByApp } = await readObject({ ...json, split, maxTables: 1000 }, lines.join(''))
    expect(new Set(rows.map(({ app }) => app)).size).toBe(2000)
    expect(Buffer.byteLength(JSON.stringify(rowsByApp))).toBeLessThanOrEqual(16 * 1024)
    expect(Object.keys(rowsByApp).length).toBeGreaterThan(20)
    expect(Object.values(rowsByApp).reduce((sum, count) => sum + count, 0)).toBe(2040)
    for (let index = 0; index < 1000; index += 100) expect(rowsByApp[name(index)]).toBe(3)
  },
)

test('reading a property of the rows runs no code of their source', () => {
  let calls = 0
  const filter = () => {
    calls += 1
    return true
  }
  const source = sourceOf({ format: 'json-lines', filter })
  const place = { bucket: source.bucket, key: 'one.log', etag: 'abc' }
  const rows = new ObjectRows({ dataset: 'logs', stateDataset: 'causeway' }, source, place, 0)
  rows.add({ kind: 'lines', bytes: Buffer.from('{}\n') })
  for (const { get } of Object.values(Object.getOwnPropertyDescriptors(ObjectRows.prototype))) get?.call(rows)
  expect(calls).toBe(0)
  expect(rows.finish().counts.written).toBe(1)
  expect(calls).toBe(1)
})
