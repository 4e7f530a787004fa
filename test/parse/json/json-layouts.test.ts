import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anySource, readObject, sourceOf } from '../../split/read-object.ts'

const json = sourceOf({ format: 'json-lines' })
type Doc = Readonly<Record<string, unknown>>

const print = (doc: unknown, indent?: number | string) => JSON.stringify(doc, undefined, indent)

/** Ways to write the same objects into a file. */
const layouts: Readonly<Record<string, (docs: readonly Doc[], end: string) => string>> = {
  'in a list on one line': (docs) => print(docs),
  'in a list, an object a line': (docs, end) => `[${docs.map((doc) => print(doc)).join(`,${end}`)}]${end}`,
  'in a list, indented': (docs, end) => print(docs, 2).replaceAll('\n', end),
  'indented with tabs': (docs, end) =>
    docs.map((doc) => print(doc, '\t').replaceAll('\n', end) + end).join(''),
  'indented, ended by commas': (docs, end) =>
    docs.map((doc) => `${print(doc, 1).replaceAll('\n', end)},${end}`).join(''),
  'ended by commas': (docs, end) => docs.map((doc) => `${print(doc)},${end}`).join(''),
  'a text sequence': (docs) => docs.map((doc) => `\x1e${print(doc)}\n`).join(''),
  'a text sequence, indented': (docs) => docs.map((doc) => `\x1e${print(doc, 2)}\n`).join(''),
  'blanks in front': (docs, end) => docs.map((doc) => ` \t${print(doc)}${end}`).join(''),
  'under a key': (docs) => print({ records: docs }),
  'under a key, indented': (docs, end) => `${print({ records: docs }, 2).replaceAll('\n', end)}${end}`,
  'several under a key': (docs, end) => docs.map((doc) => print({ records: [doc] }) + end).join(''),
}

const value = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', '"', '\\', '{', '}', '[', ']', ',', ':', '\n', 'é', '\u001e'),
    maxLength: 6,
  }),
  fc.integer(),
  fc.constantFrom(null, true, [], [{}], { b: [{ c: '}' }] }),
)
const doc = fc.record({ n: fc.nat(), v: value, w: value })
const restsOf = (rows: readonly Record<string, unknown>[]) =>
  rows.map((row) => JSON.parse(String(row['rest'])))

test.each(Object.entries(layouts))('%s: the same rows as one object a line', async (_, layout) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(doc, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
      async (docs, end, sizes) => {
        const { rows, rejects } = await readObject(json, layout(docs, end), { sizes })
        expect(rejects).toEqual([])
        // A column that is null says nothing; these have none.
        expect(restsOf(rows)).toEqual(JSON.parse(print(docs)))
      },
    ),
    { numRuns: 60 },
  )
})

test.each(Object.entries(layouts))('%s: what is cut off loses no object before it', async (_, layout) => {
  const docs = [1, 2, 3, 4].map((n) => ({ n, text: 'a, {b} [c]', list: [{ d: 1 }] }))
  const text = layout(docs, '\n')
  for (let length = 1; length < text.length; length++) {
    const { rows } = await readObject(json, text.slice(0, length))
    const seen = restsOf(rows)
    // Each row is an object that was written, in order, and none is left out between two.
    expect(seen).toEqual(docs.slice(0, seen.length))
  }
})

describe('a list under a key', () => {
  test('what stands beside it is kept in each row', async () => {
    const text = print({
      fileVersion: '1.0',
      configSnapshotId: 'x',
      configurationItems: [{ id: 1 }, {}],
      after: true,
    })
    const { rows, rejects } = await readObject(anySource, text)
    expect(rejects).toEqual([])
    const envelope = { fileVersion: '1.0', configSnapshotId: 'x', configurationItems: [] }
    expect(restsOf(rows)).toEqual([
      { id: 1, envelope },
      { envelope },
      { configurationItems: [], after: true },
    ])
  })

  test('the source names it', async () => {
    const source = { ...json, records: 'rows' }
    const { rows } = await readObject(source, '{"rows":[{"a":1},{"a":2}]}\n{"rows":[{"a":3}]}\n')
    expect(restsOf(rows)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
  })

  test('what is no object in it is a reject', async () => {
    const { rows, rejects } = await readObject(json, '{"records":[{"a":1},7,{"a":2}]}')
    expect([restsOf(rows), rejects.length]).toEqual([[{ a: 1 }, { a: 2 }], 1])
  })

  test.each(['events', 'items', 'data'])('lines that have a list %s are lines', async (name) => {
    const lines = [1, 2].map((n) => ({ [name]: [{ n }], n }))
    const { rows } = await readObject(json, lines.map((line) => `${print(line)}\n`).join(''))
    expect(restsOf(rows)).toEqual(lines)
  })

  test('a list longer than a line may be', async () => {
    const docs = Array.from({ length: 60_000 }, (_, n) => ({ n, text: 'x'.repeat(80) }))
    const { rows, rejects } = await readObject(json, print({ items: docs }, 1))
    expect([rows.length, rejects.length]).toEqual([docs.length, 0])
  })
})

test('OpenTelemetry: a row a log record, its resource and scope with it', async () => {
  const string = (stringValue: string) => ({ stringValue })
  const record = {
    timeUnixNano: '1795169700123456789',
    severityText: 'ERROR',
    body: string('refused'),
    attributes: [{ key: 'code', value: { intValue: '402' } }],
  }
  const text = print({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: string('checkout') }] },
        scopeLogs: [
          {
            scope: { name: 'shop' },
            logRecords: [
              record,
              { body: { kvlistValue: { values: [{ key: 'a', value: { boolValue: true } }] } } },
            ],
          },
        ],
      },
    ],
  })
  const { rows } = await readObject(anySource, text)
  expect(rows).toMatchObject([
    { app: 'checkout', level: 'ERROR', message: 'refused', event_time: '1795169700123456' },
    { app: 'checkout' },
  ])
  expect(restsOf(rows)).toMatchObject([
    { attributes: { code: '402' }, resource: { 'service.name': 'checkout' }, scope: { name: 'shop' } },
    { message: { a: true } },
  ])
})

test.each(['NaN', 'Infinity', '-Infinity'])('%s is kept as text', async (written) => {
  const { rows, rejects } = await readObject(json, `{"a":${written},"b":[1,${written}],"c":"${written} x"}\n`)
  expect(rejects).toEqual([])
  expect(restsOf(rows)).toEqual([{ a: written, b: [1, written], c: `${written} x` }])
})

describe('told by its lines', () => {
  test.each([
    ['a blank in front of each', ' {"a":1}\n {"a":2}\n', 'jsonlines'],
    ['one object, and thirty lines that begin with a tab', `{"a":1}\n${'\tat x\n'.repeat(30)}`, 'text'],
    ['objects over several lines', print({ a: 1 }, 2), 'jsonlines'],
    ['a list over several lines', print([{ a: 1 }], 2), 'jsonlines'],
    ['text in brackets', '[INFO] started\n[WARN] slow\n', 'text'],
    ['text in braces', '{id} started\n{id} stopped\n', 'text'],
  ])('%s', async (_, text, format) => {
    const { tables } = await readObject(anySource, text)
    expect(Object.keys(tables)).toEqual([`logs.web__${format}_unknown`])
  })
})
