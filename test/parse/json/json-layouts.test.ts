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
  rows.map((row) => JSON.parse(String(row['rest'] ?? '{}')))

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

test.each(Object.entries(layouts))('%s: a byte order mark in front is no part of it', async (_, layout) => {
  const docs = [{ n: 1 }, { n: 2 }]
  const { rows, rejects } = await readObject(json, `\ufeff${layout(docs, '\n')}`)
  expect([restsOf(rows), rejects]).toEqual([docs, []])
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

/** Bytes that mean something to whoever looks for the ends of objects, and two that do not. */
const telling = ['{', '}', '[', ']', '"', '\\', ',', ':', '\n', ' ', '\u001e', 'x', '7']
/** Within it: lists of objects, whose elements look like records themselves. */
const nested = fc.record({
  user: fc.record({
    name: fc.string({ unit: fc.constantFrom('a', '}', ']', ',', ':', '"', 'é'), maxLength: 4 }),
  }),
  more: fc.array(fc.record({ x: fc.nat(99), of: fc.constantFrom([12], [{ y: 1 }, { y: 2 }], {}, '') }), {
    maxLength: 4,
  }),
  last: fc.nat(99),
})

/** Where each of the objects stands in a text, whatever its layout: each has a member `n` of its own, the first. */
function spansOf(text: string, count: number): (readonly [number, number])[] {
  const starts = Array.from({ length: count }, (_, n) =>
    text.search(new RegExp(`\\{\\s*"n":\\s*${n}[,\\s}]`)),
  )
  return starts.map((start, n) => {
    let end = text.lastIndexOf('}', starts[n + 1] ?? text.length) + 1
    while (objectIn(text.slice(start, end)) === undefined) end = text.lastIndexOf('}', end - 2) + 1
    return [start, end] as const
  })
}

function objectIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

test.each(Object.entries(layouts))(
  '%s: a changed byte makes no row of a part of an object',
  async (_, layout) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(nested, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        fc.constantFrom(...telling),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 3 }),
        async (parts, place, byte, sizes) => {
          const docs = parts.map((part, n) => ({ n, tag: `${n}#`, ...part }))
          const text = layout(docs, '\n')
          const at = place % text.length
          const damaged = text.slice(0, at) + byte + text.slice(at + 1)
          const spans = spansOf(text, docs.length)
          const { rows, rejects } = await readObject(json, damaged, { sizes })
          // Each object as it was written, or as it is now; or the documents, where what names their lists is damaged.
          const now = spans.map(([start, end]) => objectIn(damaged.slice(start, end)))
          const documents = [damaged, ...damaged.split('\n')].map(objectIn)
          for (const row of restsOf(rows))
            expect(
              [...docs, ...now, ...documents],
              print(damaged.slice(Math.max(0, at - 90), at + 90)),
            ).toContainEqual(row)
          const seen = print([rows, rejects])
          for (const [n, [start, end]] of spans.entries())
            if (at < start || at >= end) expect(seen).toContain(`${n}#`)
        },
      ),
      { numRuns: 300 },
    )
  },
)

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

  test('a record with an envelope of its own keeps it', async () => {
    const text = print({ id: 7, records: [{ envelope: 1 }, { a: { envelope: 2 } }] })
    const { rows } = await readObject({ ...json, records: 'records' }, text)
    const envelope = { id: 7, records: [] }
    expect(restsOf(rows)).toEqual([
      { envelope: 1, envelope_2: envelope },
      { a: { envelope: 2 }, envelope },
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
