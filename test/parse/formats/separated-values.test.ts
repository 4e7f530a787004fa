import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quotedRecords } from '../../../functions/parse/reading/quoted-records.ts'
import { isOpen } from '../../../functions/parse/text/separated.ts'
import { anySource, readObject, sourceOf } from '../../split/read-object.ts'

const csv = sourceOf({ format: 'csv' })
const restsOf = (rows: readonly Record<string, unknown>[]) =>
  rows.map((row) => JSON.parse(String(row['rest'] ?? '{}')))

test('a line end within quotes is part of its value', async () => {
  const lines = ['id,user,comment,ts']
  for (let id = 1; id <= 1_000; id++)
    lines.push(`${id},ann,${id % 17 === 0 ? '"first\r\nsecond, ""third"""' : 'short'},2026-11-20T10:15:00Z`)
  const { rows, rejects, counts } = await readObject(csv, `${lines.join('\n')}\n`)
  expect(rejects).toEqual([])
  expect(counts).toMatchObject({ read: 1_001, written: 1_000 })
  expect(restsOf(rows).map(({ id, user }) => [id, user])).toEqual(
    Array.from({ length: 1_000 }, (_, index) => [String(index + 1), 'ann']),
  )
  expect(restsOf(rows)[16]).toMatchObject({ comment: 'first\r\nsecond, "third"' })
  // The number is that of the first of its lines.
  expect(rows.slice(16, 18).map((row) => Number(row['source_line']))).toEqual([18, 20])
})

test('a quote that nothing closes costs its own line', async () => {
  const text = 'a,b\n1,"two\n3,four\n5,six\n'
  const { rows, rejects } = await readObject(csv, text)
  expect(restsOf(rows)).toEqual([
    { a: '3', b: 'four' },
    { a: '5', b: 'six' },
  ])
  expect(rejects).toMatchObject([{ reason: expect.stringContaining('is never closed') }])
})

test('a record beyond the limit of a line is none: its lines are read by themselves', async () => {
  const blocks: string[] = []
  const text = 'a,b\n1,"x\n2,y\n3,z\n4,"w\n5"\n'
  async function* source() {
    for (const byte of Buffer.from(text)) yield Buffer.from([byte])
  }
  const comma = 0x2c
  const goesOn = (line: Buffer, start: number, end: number, open: boolean) =>
    isOpen(line, start, end, comma, open)
  for await (const block of quotedRecords(source(), 0x22, () => goesOn, 10))
    blocks.push(block.kind === 'lines' ? String(block.bytes) : `[${'records' in block ? block.records : ''}]`)
  expect(blocks.join('')).toBe('a,b\n1,"x\n2,y\n3,z\n[4,"w\n5"]')
})

test.each([
  ['too few', 'a,b,c\n1,2\n', '2 values, and there are 3 names'],
  ['too many', 'a,b\n1,2,3\n', '3 values, and there are 2 names'],
])('%s values are a reject', async (_, text, reason) => {
  const { rows, rejects } = await readObject(csv, text)
  expect(rows).toEqual([])
  expect(rejects).toMatchObject([{ error_class: 'malformed', reason }])
})

test('a separator behind the last value is none before another', async () => {
  const { rows, rejects } = await readObject(csv, 'a,b\n1,2,\n3,4,\n')
  expect([restsOf(rows), rejects]).toEqual([
    [
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ],
    [],
  ])
})

describe('settings', () => {
  test('a delimiter', async () => {
    const { rows } = await readObject({ ...csv, delimiter: '^' }, 'a^b\n1^"2^3"\n')
    expect(restsOf(rows)).toEqual([{ a: '1', b: '2^3' }])
  })

  test('fields where there is no header, as in an inventory of S3', async () => {
    const text = '"example-logs","AWSLogs/one.log","17"\n"example-logs","two.log","4"\n'
    const fields = ['bucket', 'key', 'size']
    const { rows } = await readObject({ ...csv, header: false, fields }, text)
    expect(restsOf(rows)).toEqual([
      { bucket: 'example-logs', key: 'AWSLogs/one.log', size: '17' },
      { bucket: 'example-logs', key: 'two.log', size: '4' },
    ])
  })

  test('no header and no fields: names by place', async () => {
    const { rows } = await readObject({ ...csv, header: false }, '1,2\n3,4\n')
    expect(restsOf(rows)).toEqual([
      { column_1: '1', column_2: '2' },
      { column_1: '3', column_2: '4' },
    ])
  })

  test('fields in place of the names of a header', async () => {
    const { rows, counts } = await readObject({ ...csv, fields: ['x', 'y'] }, 'a,b\n1,2\n')
    expect([restsOf(rows), counts.filtered]).toEqual([[{ x: '1', y: '2' }], 1])
  })
})

describe('told by its header', () => {
  const detected = async (text: string) => {
    const { tables } = await readObject(anySource, text)
    return Object.keys(tables)
  }
  test.each([
    [
      'semicolons',
      'id;user;ts\n1;ann;2026-11-20T10:15:00Z\n2;bob;2026-11-20T10:15:01Z\n',
      'logs.web__csv_unknown',
    ],
    ['bars', 'id|user\n1|ann\n2|bob\n', 'logs.web__csv_unknown'],
    ['a separator that the file names', 'sep=^\nid^user\n1^ann\n', 'logs.web__csv_unknown'],
    ['one column', 'message\nstarted\nstopped\n', 'logs.web__text_unknown'],
    ['text with bars', 'INFO | web | started\nWARN | web | slow\n', 'logs.web__text_unknown'],
  ])('%s', async (_, text, table) => {
    expect(await detected(text)).toEqual([table])
  })
})

/** Printed by the letter of RFC 4180, each value in quotes or not as it may be. */
function printed(rows: readonly (readonly Value[])[], delimiter: string, end: string): string {
  const cell = ({ text, quoted }: Value) =>
    quoted || /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.split('"').join('""')}"` : text
  return rows.map((row) => row.map(cell).join(delimiter) + end).join('')
}

interface Value {
  readonly text: string
  readonly quoted: boolean
}

test('what is printed by RFC 4180 is read back, however it is chunked', async () => {
  const value = fc.record({
    text: fc.string({
      unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r\n', ' ', '-', '1'),
      maxLength: 6,
    }),
    quoted: fc.boolean(),
  })
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((columns) =>
      fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 8 }),
    )
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom(',', ';', '|', '\t'),
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
      async (rows, delimiter, end, sizes) => {
        const names = rows[0]?.map((_, index) => `n${index}`) ?? []
        const header = names.map((text) => ({ text, quoted: false }))
        const text = printed([header, ...rows], delimiter, end)
        const read = await readObject({ ...csv, delimiter }, text, { sizes })
        const wanted = rows.map((row) =>
          Object.fromEntries(
            row.flatMap(({ text }, index) => (text === '' || text === '-' ? [] : [[names[index], text]])),
          ),
        )
        expect(read.rejects).toEqual([])
        expect(restsOf(read.rows)).toEqual(wanted)
      },
    ),
    { numRuns: 300 },
  )
})
