import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Column } from '../../functions/model/column.ts'
import { rowDescriptor } from '../../functions/split/encode/descriptor.ts'
import { encodeRow } from '../../functions/split/encode/encode-row.ts'
import { ProtoWriter } from '../../functions/split/encode/proto-writer.ts'
import { decodeRows } from './decode-rows.ts'

const columns: readonly Column[] = [
  { name: 's', type: 'STRING', description: '' },
  { name: 'i', type: 'INT64', description: '' },
  { name: 'f', type: 'FLOAT64', description: '' },
  { name: 'b', type: 'BOOL', description: '' },
  { name: 't', type: 'TIMESTAMP', description: '' },
  { name: 'j', type: 'JSON', description: '' },
  { name: 'ss', type: 'STRING', mode: 'REPEATED', description: '' },
  // Many columns: tags from the 16th on take two bytes.
  ...Array.from({ length: 12 }, (_, n): Column => ({ name: `x${n}`, type: 'STRING', description: '' })),
  { name: 'ii', type: 'INT64', mode: 'REPEATED', description: '' },
]

const int64 = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }).map((any) => any.toWellFormed()),
)
const row = fc.record(
  {
    s: text,
    i: int64,
    f: fc.double({ noNaN: true }),
    b: fc.boolean(),
    t: fc.maxSafeInteger(),
    j: fc.json(),
    ss: fc.array(text, { minLength: 1 }),
    x11: text,
    ii: fc.array(int64, { minLength: 1 }),
  },
  { requiredKeys: [] },
)

test('protobufjs decodes what was encoded, with one writer used again and again', () => {
  const writer = new ProtoWriter()
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const decoded = decodeRows(
        columns,
        rows.map((cells) => encodeRow(writer, columns, cells)),
      )
      const expected = rows.map(({ i, t, ii, ...same }) => ({
        ...same,
        ...(i !== undefined && { i: BigInt(i).toString() }),
        ...(t !== undefined && { t: BigInt(t).toString() }),
        ...(ii && { ii: ii.map((value) => BigInt(value).toString()) }),
      }))
      expect(decoded).toEqual(expected)
    }),
    { numRuns: 300 },
  )
})

test('a cell of null or without a value is NULL', () => {
  expect(
    decodeRows(columns, [encodeRow(new ProtoWriter(), columns, { s: null, i: undefined, z: 1 })]),
  ).toEqual([{}])
})

test('false, zero and empty text are values', () => {
  const cells = { s: '', i: 0, f: 0, b: false, t: 0 }
  expect(decodeRows(columns, [encodeRow(new ProtoWriter(), columns, cells)])).toEqual([
    { ...cells, i: '0', t: '0' },
  ])
})

test('rows larger than the writer was', () => {
  const writer = new ProtoWriter()
  for (const length of [10, 16 * 1024 - 3, 16 * 1024, 100_000, 5_000_000, 10]) {
    const [decoded] = decodeRows(columns, [encodeRow(writer, columns, { s: 'é'.repeat(length), i: -1 })])
    expect(String(decoded?.['s']).length).toBe(length)
    expect(decoded?.['i']).toBe('-1')
  }
})

test('a row that was taken stays as it was', () => {
  const writer = new ProtoWriter()
  const first = encodeRow(writer, columns, { s: 'first' })
  encodeRow(writer, columns, { s: 'other' })
  expect(decodeRows(columns, [first])).toEqual([{ s: 'first' }])
})

test('the descriptor says what each column is on the wire', () => {
  expect(rowDescriptor(columns.slice(4, 7))).toEqual({
    name: 'Row',
    field: [
      { name: 't', number: 1, label: 'LABEL_OPTIONAL', type: 'TYPE_INT64' },
      { name: 'j', number: 2, label: 'LABEL_OPTIONAL', type: 'TYPE_STRING' },
      { name: 'ss', number: 3, label: 'LABEL_REPEATED', type: 'TYPE_STRING' },
    ],
  })
})
