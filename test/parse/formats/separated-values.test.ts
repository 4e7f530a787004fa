import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Source } from '../../../functions/config/schema.ts'
import { readObject, sourceOf } from '../../split/read-object.ts'

/** Rows by the line they begin on, and the reasons of rejects. */
async function read(
  content: string | Buffer,
  { format = 'csv' as 'csv' | 'tsv', sizes = [64 * 1024], ...settings }: Options = {},
) {
  const { rows, rejects, counts } = await readObject(sourceOf({ format, ...settings }), content, { sizes })
  return {
    counts,
    rows: Object.fromEntries(
      rows.map(({ source_line, rest = '{}' }) => [Number(source_line), JSON.parse(String(rest)) as object]),
    ),
    rejects: Object.fromEntries(rejects.map((row) => [Number(row['source_line']), row['reason']])),
  }
}

interface Options extends Pick<Source, 'fields' | 'header' | 'delimiter'> {
  readonly format?: 'csv' | 'tsv'
  readonly sizes?: readonly number[]
}

test('a value may go on over lines: its record is one row, numbered by its first line', async () => {
  const records = Array.from({ length: 1000 }, (_, n) =>
    n % 16 === 0 ? `${n},ann,"first ${n}\r\nlast, ""so""",3\n` : `${n},ann,text,3\n`,
  )
  const { rows, rejects, counts } = await read(`id,user,comment,n\n${records.join('')}`)
  expect(counts).toEqual({ read: 1001, written: 1000, filtered: 1, rejected: 0 })
  expect(rejects).toEqual({})
  let line = 2
  for (const [n, record] of records.entries()) {
    const comment = n % 16 === 0 ? `first ${n}\r\nlast, "so"` : 'text'
    expect(rows[line]).toEqual({ id: String(n), user: 'ann', comment, n: '3' })
    line += record.split('\n').length - 1
  }
})

const delimiters = fc.constantFrom(',', ';', '|', '\t', ':', '^')
const value = fc
  .array(
    fc.constantFrom('a', 'é', '"', '""', ',', ';', '|', '\t', ':', '\n', '\r\n', ' ', '-', '\\n', '😀'),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''))
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) =>
    fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
  )

test('random tables, printed as CSV with any quoting, are read as they were, or rejected', async () => {
  let [read1, rejected1] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      table,
      delimiters,
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
      async (records, delimiter, end, quotings, isMarked, sizes) => {
        let count = 0
        const print = (text: string) => {
          const isQuoted =
            quotings[count++ % quotings.length] || /["\r\n]|^ |^$/.test(text) || text.includes(delimiter)
          return isQuoted ? `"${text.replaceAll('"', '""')}"` : text
        }
        const names = (records[0] ?? []).map((_, index) => `name ${index + 1}`)
        const lines = [names, ...records].map((record) => record.map(print).join(delimiter) + end)
        const content = `${isMarked ? '\ufeff' : ''}${lines.join('')}`
        const { rows, rejects, counts } = await read(content, { delimiter, sizes })
        expect(counts.written + counts.rejected).toBe(records.length)
        let line = 1 + (lines[0] ?? '').split('\n').length - 1
        for (const [index, record] of records.entries()) {
          const kept = record
            .map((text, place) => [names[place], text])
            .filter(([, text]) => text && text !== '-')
          if (rejects[line] === undefined) expect(rows[line]).toEqual(Object.fromEntries(kept))
          line += (lines[index + 1] ?? '').split('\n').length - 1
        }
        read1 += counts.written
        rejected1 += counts.rejected
      },
    ),
    { numRuns: 500 },
  )
  expect(rejected1).toBeLessThan(read1 / 20)
})

/** RFC 4180 by its grammar: the records of a text, or undefined when it has none. */
function rfc4180(text: string): string[][] | undefined {
  const records: string[][] = [[]]
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y
  while (field.lastIndex < text.length || records.at(-1)?.length) {
    const [all, quoted, plain, next] = field.exec(text) ?? []
    if (all === undefined) return undefined
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (next === '') break
    if (next !== ',') records.push([])
    if (next !== ',' && field.lastIndex === text.length) break
  }
  return records.filter(({ length }) => length > 0)
}

test('of any text that RFC 4180 has records for, a row is one of these', async () => {
  const part = fc.constantFrom('"', '""', '"x"', ',', '\n', '\r\n', 'a', 'b,c\n', '",', ',"')
  let [drawn, found] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 30 }), async (parts) => {
      const records = rfc4180(parts.join(''))
      fc.pre(records !== undefined)
      drawn += 1
      const { rows } = await read(`x,y\n${parts.join('')}`)
      const left = records.map(([x, y]) => JSON.stringify({ ...(x && { x }), ...(y && { y }) }))
      for (const row of Object.values(rows)) {
        const at = left.indexOf(JSON.stringify(row))
        expect(at, JSON.stringify(row)).toBeGreaterThanOrEqual(0)
        left.splice(0, at + 1)
        found += 1
      }
    }),
    { numRuns: 2000 },
  )
  expect(found / drawn).toBeGreaterThan(0.1)
})

describe('a quote that is never closed', () => {
  const lines = Array.from({ length: 50 }, (_, n) => `${n},b,c`)

  test('is the fault of its line alone, where the others are records', async () => {
    const { rows, rejects } = await read(['x,y,z', ...lines, '1,"b,c', ...lines].join('\n'))
    expect(Object.keys(rows).length).toBe(100)
    expect(rejects).toEqual({ 52: 'the quote opened at byte 2 is never closed' })
  })

  test('makes one reject of what follows, where that may be its value', async () => {
    const { counts, rejects } = await read('x,y\n1,"a\nb, c\nd\n')
    expect(counts).toEqual({ read: 2, written: 0, filtered: 1, rejected: 1 })
    expect(rejects).toEqual({ 2: 'the quote opened at byte 2 is never closed' })
  })

  test('holds no more than the longest line', async () => {
    const text = `${'some words and no comma\n'.repeat(400_000)}`
    const { counts, rejects } = await read(`x,y\n1,"a\n${text}`)
    expect(counts).toEqual({ read: 2, written: 0, filtered: 1, rejected: 1 })
    expect(rejects[2]).toContain('the line has 9600004 bytes, at most 4194304 are read')
  })
})

test('lines between two quotes that are each like a record are rejected: who knows', async () => {
  const { rows, rejects } = await read('x,y\n1,"a\n2,b\n3,c\n4,d\n5,e"\n6,f\n')
  expect(rows).toEqual({ 7: { x: '6', y: 'f' } })
  expect(rejects).toEqual({ 2: '5 lines between quotes, each like a record: a quote too many?' })
})

test('a record with more or fewer values than names is rejected, and says so', async () => {
  const { rows, rejects } = await read('a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,\n')
  expect(rows).toEqual({ 3: { a: '1', b: '2', c: '3' } })
  expect(rejects).toEqual({
    2: '2 values where 3 are named',
    4: '4 values where 3 are named',
    5: '4 values where 3 are named',
  })
})

test.each([
  ['all records', 'a,b\n1,2,\n3,4,\n', [2, 3]],
  ['all records and the header', 'a,b,\n1,2,\n3,4,\n', [2, 3]],
  ['the header alone', 'a,b,\n1,2\n3,4\n', [2, 3]],
  ['one record alone', 'a,b\n1,2\n3,4,\n', [2]],
  ['all records but one', 'a,b\n1,2,\n3,4\n', [2]],
  ['all records, with a value behind it', 'a,b\n1,2,\n3,4,5\n', [2]],
])('a delimiter at the end of %s', async (_, content, lines) => {
  const { rows, counts } = await read(content)
  expect(Object.keys(rows).map(Number)).toEqual(lines)
  expect(counts.rejected).toBe(2 - lines.length)
  expect(rows[2]).toEqual({ a: '1', b: '2' })
})

test('where the header cannot be read, no other line is taken for one', async () => {
  for (const content of ['a,"b"c\n1,2\n3,4\n', 'a,"b"c,""\n1,2\n']) {
    const { counts, rejects } = await read(content)
    expect(counts.rejected).toBe(counts.read)
    expect(rejects[1]).toBe(
      'the header of the object cannot be read: text follows the quote closed at byte 4',
    )
  }
})

test('columns with the same name or none have names of their own', async () => {
  const { rows } = await read('column_2,,x,x,column_4,__proto__\n1,2,3,4,5,6\n')
  expect(JSON.stringify(rows[2])).toBe(
    '{"column_2":"1","column_2_":"2","x":"3","column_4_":"4","column_4":"5","__proto__":"6"}',
  )
})

describe('the delimiter', () => {
  test.each([
    ['semicolons, with commas in numbers', 'a;b,c;d\n1,5;2;3\n', { a: '1,5', 'b,c': '2', d: '3' }],
    ['pipes', 'a|b\n1|2,3\n', { a: '1', b: '2,3' }],
    ['commas, with the others between quotes', '"a;b;c","d"\n1,2\n', { 'a;b;c': '1', d: '2' }],
    ['sep=', 'sep=^\na^b,c\n1^2\n', { a: '1', 'b,c': '2' }],
    ['sep= between quotes', '"sep=\t"\r\na\tb\r\n1\t2\r\n', { a: '1', b: '2' }],
  ])('is told by the first line: %s', async (_, content, row) => {
    expect(Object.values((await read(content)).rows)).toEqual([row])
  })

  test('is the one that is set, unless the object itself says', async () => {
    expect((await read('a;b^c\n1;2^3\n', { delimiter: '^' })).rows[2]).toEqual({ 'a;b': '1;2', c: '3' })
    expect((await read('sep=;\na;b\n1;2\n', { delimiter: '^' })).rows[3]).toEqual({ a: '1', b: '2' })
  })

  test('is the one that makes as many values as there are fields', async () => {
    const { rows } = await read('1,5;2,5,5\n', { fields: ['a', 'b'] })
    expect(rows[1]).toEqual({ a: '1,5', b: '2,5,5' })
  })
})

describe('names', () => {
  const content = 'a,b\n1,2\n'

  test('are those of the source where objects have none', async () => {
    expect((await read(content, { fields: ['x', 'y'] })).rows).toEqual({
      1: { x: 'a', y: 'b' },
      2: { x: '1', y: '2' },
    })
  })

  test('are those of the source for those of the header', async () => {
    expect((await read(content, { fields: ['x', 'y'], header: true })).rows).toEqual({
      2: { x: '1', y: '2' },
    })
    const { rows, rejects } = await read(content, { fields: ['x', 'y', 'z'], header: true })
    expect(rows).toEqual({})
    expect(rejects[1]).toBe('a header of 2 names where 3 fields are set')
  })

  test('that stand in the object after all are no row', async () => {
    expect((await read(content.repeat(2), { fields: ['a', 'b'] })).rows).toEqual({
      2: { a: '1', b: '2' },
      4: { a: '1', b: '2' },
    })
  })

  test('are positions where nothing names values', async () => {
    expect((await read(content, { header: false })).rows[1]).toEqual({ column_1: 'a', column_2: 'b' })
    expect((await read('1\t"2\n', { header: false, format: 'tsv' })).rows[1]).toEqual({
      column_1: '1',
      column_2: '"2',
    })
  })

  test('of the header again, as where files were put together, are no row', async () => {
    const { counts } = await read('\ufeffsep=,\na,b\n1,2\n\ufeffsep=,\na,b\n3,4\n')
    expect(counts).toEqual({ read: 6, written: 2, filtered: 4, rejected: 0 })
  })
})

test('an inventory of S3 has no header, and is quoted throughout', async () => {
  const line = (key: string) =>
    `"example-logs","${key}","52","2026-11-20T10:15:00.000Z","0f343b0931126a20f133d67c2b018a3b","STANDARD"\n`
  const fields = ['bucket', 'key', 'size', 'last_modified_date', 'etag', 'storage_class']
  const { rows, rejects } = await read(line('logs/a%2Cb.gz') + line('x'), { header: false, fields })
  expect(rejects).toEqual({})
  expect(rows[1]).toEqual({
    bucket: 'example-logs',
    key: 'logs/a%2Cb.gz',
    size: '52',
    last_modified_date: '2026-11-20T10:15:00.000Z',
    etag: '0f343b0931126a20f133d67c2b018a3b',
    storage_class: 'STANDARD',
  })
})

describe('a quote in TSV', () => {
  test.each([
    ['around a value with a tab', '"x\ty"\tz', { a: 'x\ty', b: 'z' }],
    ['around a value with a newline', 'x\t"y\nz"', { a: 'x', b: 'y\nz' }],
    ['around a first value with a newline', '"x\ny"\tz', { a: 'x\ny', b: 'z' }],
    ['doubled', 'x\t"y ""z"""', { a: 'x', b: 'y "z"' }],
    ['alone', 'x\t"y', { a: 'x', b: '"y' }],
    ['in front and at the end of two values', '"x\ty"', { a: '"x', b: 'y"' }],
    ['with text behind it', '"x" y\tz', { a: '"x" y', b: 'z' }],
    ['in the middle', 'x\ty "z"', { a: 'x', b: 'y "z"' }],
    ['with escapes', 'x\t"\\t\\n\\\\\\N', { a: 'x', b: '"\\t\\n\\\\\\N' }],
  ])('%s', async (_, line, row) => {
    for (const next of ['', '\n', '\n1\t2\n']) {
      const { rows, rejects } = await read(`a\tb\n${line}${next}`, { format: 'tsv' })
      expect(rejects).toEqual({})
      expect(Object.values(rows)).toEqual(next.length > 1 ? [row, { a: '1', b: '2' }] : [row])
    }
  })

  test.each([
    ['that makes no values of a record', '"x\ty\tz'],
    ['that is closed by none', 'x\t"y\nz\n'],
    ['with text behind it, over lines', 'x\t"y\nz"z\n'],
  ])('%s is a reject', async (_, line) => {
    const { counts } = await read(`a\tb\n${line}`, { format: 'tsv' })
    expect(counts).toEqual({ read: 2, written: 0, filtered: 1, rejected: 1 })
  })
})
