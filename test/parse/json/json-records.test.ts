import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonRecords } from '../../../functions/parse/json/json-records.ts'
import type { Framing } from '../../../functions/parse/json/record-cutter.ts'
import { chunksOf } from '../../split/read-object.ts'

const plain: Framing = { list: 'Records', envelope: false }
/** The records of a text, one that is too long as its head and length. */
async function cut(
  text: string,
  sizes: readonly number[] = [text.length],
  { framing = plain, limit = 200 } = {},
): Promise<string[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield* chunksOf(Buffer.from(text, 'latin1'), sizes)
  }
  const found: string[] = []
  for await (const block of jsonRecords(chunks(), framing, limit)) {
    if (block.kind === 'records') found.push(...block.records.map((record) => record.toString('latin1')))
    else if (block.kind === 'overlong') found.push(`${block.head.toString('latin1')}... ${block.length}`)
    else throw new Error('jsonRecords gives no lines')
  }
  return found
}

const sizes = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 6 })
const blank = fc.constantFrom('', ' ', '\n', '\r\n', '\t \n  ')
/** Latin only: a byte a character, so that a cut falls anywhere. */
const name = fc.string({ unit: 'binary-ascii', maxLength: 9 }).filter((text) => text !== 'Records')
const value = fc.oneof(
  fc.constantFrom('[]', '{"Records":[1]}', '"Records"', '"\\\\"', '"\\"]}"', '[{"Records":[]}]', '-1.5e3'),
  fc
    .dictionary(name, fc.oneof(fc.boolean(), fc.string({ unit: 'binary-ascii' }), fc.array(fc.nat())))
    .map((object) => JSON.stringify(object)),
)
const document = fc.array(fc.tuple(name, value), { maxLength: 3 }).map((members) => {
  const text = `{${members.map(([member, held]) => `${JSON.stringify(member)}:${held}`).join(',')}}`
  return { text, records: [text] }
})
const listing = fc
  .tuple(fc.array(value, { maxLength: 5 }), fc.array(blank, { minLength: 4, maxLength: 4 }))
  .map(([elements, [a, b, c, d]]) => ({
    text: `{${a}"Records"${b}:${c}[${a}${elements.join(`${b},${c}`)}${d}]${b}}`,
    records: elements,
  }))

test('records are the elements of the lists and the other documents, whatever the chunks and blanks', async () => {
  const documents = fc.array(fc.tuple(fc.oneof(document, listing), blank), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(documents, sizes, async (parts, chunkSizes) => {
      const text = parts.map(([{ text }, after]) => text + after).join('')
      const records = parts.flatMap(([one]) => one.records)
      expect(await cut(text, chunkSizes, { limit: 100_000 })).toEqual(records)
    }),
    { numRuns: 2000 },
  )
})

const broken = fc
  .array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ':',
      ',',
      '\n',
      ' ',
      'x',
      '{"Records":[',
      '{"a":1}',
      '"b"',
      '\xef\xbb\xbf',
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))

test('chunks decide nothing, and nothing said is dropped, in a text that is no JSON at all', async () => {
  await fc.assert(
    fc.asyncProperty(broken, sizes, async (text, chunkSizes) => {
      const whole = await cut(text)
      expect(await cut(text, chunkSizes)).toEqual(whole)
      // What stands for nothing: blanks, the brackets and commas around elements, the lists' names.
      const said = (all: string) => all.replaceAll(/"Records"|[^xab1\\]/g, '')
      if (!whole.some((record) => record.includes('... '))) expect(said(whole.join(''))).toBe(said(text))
    }),
    { numRuns: 5000 },
  )
})

test.each([
  ['a document', '{"a":[1,{"b":"}"}]}', ['{"a":[1,{"b":"}"}]}']],
  ['documents without anything between', '{"a":1}{"a":2}{}', ['{"a":1}', '{"a":2}', '{}']],
  ['text in brackets', '{"a":1}\n[3] x\n{}', ['{"a":1}', '[3] x', '{}']],
  ['lines, a broken one among them', '{"a":1}\nplain\n{"a":2}\n', ['{"a":1}', 'plain', '{"a":2}']],
  ['a string cut off by the end of its line', '{"a":"x\n{"a":2}\n', ['{"a":"x', '{"a":2}']],
  ['a line cut off between members', '{"a":1,\n{"a":2}\n', ['{"a":1,', '{"a":2}']],
  ['a line cut off in a list', '{"a":[{"b":1}\n{"a":2}\n', ['{"a":[{"b":1}', '{"a":2}']],
  ['a line cut off before a value', '{"a":\n{"a":2}\n{"a":3}\n{}', ['{"a":\n{"a":2}\n{"a":3}', '{}']],
  ['a document whose end is too early', '{"a":1},"b":{"c":2}}\n{"a":2}', ['{"a":1},"b":{"c":2}}', '{"a":2}']],
  [
    'one among others in a line',
    '{"a":1}{"b":[{"c":1}x{"c":2}]}{"d":1}{"a":2}',
    ['{"a":1}', '{"b":[{"c":1}x{"c":2}]}', '{"d":1}', '{"a":2}'],
  ],
  ['a list', '{"Records":[{"a":1}, 2 ,"]"]}', ['{"a":1}', '2', '"]"']],
  ['an empty list', '{"Records":[]}', []],
  ['lists one after the other', '{"Records":[1]}{"Records":[2]}', ['1', '2']],
  ['a byte order mark', '\xef\xbb\xbf{"a":1}', ['{"a":1}']],
  ['members before the list', '{"x":1,"Records":[2]}', ['{"x":1,"Records":[]}', '2']],
  ['members behind the list', '{"Records":[2],"x":1}{}', ['2', '{"Records":[],"x":1}', '{}']],
  ['no list of that name', '{"records":[1]}', ['{"records":[1]}']],
  ['a list further in', '{"a":{"Records":[1]}}', ['{"a":{"Records":[1]}}']],
  ['a value of that name', '{"a":"Records","b":[1]}', ['{"a":"Records","b":[1]}']],
  ['a name that ends so', '{"\\"Records":[1]}', ['{"\\"Records":[1]}']],
  ['something else of that name', '{"Records":1[2]}', ['{"Records":1[2]}']],
  ['a list closed by a brace', '{"Records":[1}]}', ['1}]}']],
])('%s', async (_, text, records) => {
  for (const size of [1, 2, 3, 5, 7, text.length]) expect(await cut(text, [size])).toEqual(records)
})

test.each([
  ['in an element', '{"Records":[{"a":1},{"b":', ['{"a":1}', '{"b":']],
  ['between elements', '{"Records":[{"a":1},', ['{"a":1}', '{"Records":[']],
  ['behind an element', '{"Records":[{"a":1}', ['{"a":1}', '{"Records":[']],
  ['behind the list', '{"Records":[{"a":1}]', ['{"a":1}', '{"Records":[']],
  ['before the list', '{"Records":', ['{"Records":']],
  ['before another', '{"Records":[{"a":1}]{"a":2}', ['{"a":1}', ']{"a":2}']],
  ['in a string', '{"a":"\\', ['{"a":"\\']],
])('a document cut off %s leaves a record that is none', async (_, text, records) => {
  expect(await cut(text)).toEqual(records)
})

test('an envelope is a record before its elements, when wanted', async () => {
  const framing = { list: 'events', envelope: true }
  expect(await cut('{"o":1,"events":[1,2]}{"events":[3]}{"o":2}', [4], { framing })).toEqual([
    '{"o":1,"events":[]}',
    '1',
    '2',
    '{"events":[]}',
    '3',
    '{"o":2}',
  ])
})

test('a record over the limit is its head, and what follows is read on', async () => {
  const long = `{"a":"${'x'.repeat(300)}"}`
  const head = `${long.slice(0, 200)}... ${long.length}`
  for (const size of [1, 7, 250, 10_000]) {
    expect(await cut(`{"Records":[1,${long},2]}`, [size])).toEqual(['1', head, '2'])
    expect(await cut(`1\n${long}{"a":2}`, [size])).toEqual(['1', head, '{"a":2}'])
    expect(await cut(`{"Records":[1,${long}`, [size])).toEqual(['1', head, '{"Records":['])
    expect(await cut(`{"a":"${'x'.repeat(300)}","Records":[1]}`, [size])).toHaveLength(1)
  }
})
