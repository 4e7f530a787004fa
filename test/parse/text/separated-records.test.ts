import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FormatSettings } from '../../../functions/model/format.ts'
import type { LineBlock } from '../../../functions/model/line-block.ts'
import { separatedRecords } from '../../../functions/parse/text/separated-records.ts'
import { chunksOf } from '../../split/read-object.ts'

const csv = { delimiters: ',;|', strict: true }
const tsv = { delimiters: '\t', strict: false }

interface Cut {
  /** The line it begins on. */
  readonly line: number
  readonly lines: number
  /** Its text, or the start of it with its length where it is too long. */
  readonly text: string
}

async function recordsOf(
  content: string,
  { kind = csv, sizes = [1_000_000], limit = 1_000_000, settings = {} as FormatSettings } = {},
): Promise<Cut[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield* chunksOf(Buffer.from(content), sizes)
  }
  const cuts: Cut[] = []
  let line = 1
  const add = (text: string, lines: number) => {
    cuts.push({ line, lines, text })
    line += lines
  }
  for await (const block of separatedRecords(chunks(), kind, settings, limit))
    for (const { text, lines } of textsOf(block, limit)) add(text, lines)
  return cuts
}

function textsOf(block: LineBlock, limit: number): { text: string; lines: number }[] {
  if (block.kind === 'records')
    return block.records.map((record) => ({ text: record.toString(), lines: block.lines ?? 1 }))
  if (block.kind === 'overlong')
    return [{ text: long(block.head.toString(), block.length), lines: block.lines ?? 1 }]
  return block.bytes
    .toString()
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => ({
      text: line.length > limit ? long(line.slice(0, limit), line.length) : line.replace(/\r$/, ''),
      lines: 1,
    }))
}

const long = (head: string, length: number) => `${head}... ${length}`
const textOf = async (...given: Parameters<typeof recordsOf>) =>
  (await recordsOf(...given)).map(({ text }) => text)

const content = (delimiter: string) =>
  fc
    .array(
      fc.constantFrom('"', '""', '"x"', delimiter, '\n', '\r\n', 'a', ' ', `b${delimiter}c\n`, 'long enough'),
      { maxLength: 60 },
    )
    .map((parts) => `h${delimiter}i\n${parts.join('')}`)
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const limits = fc.oneof(fc.constant(1_000_000), fc.integer({ min: 1, max: 60 }))

test.each([
  ['csv', csv, ','],
  ['tsv', tsv, '\t'],
])('records of %s are the same whatever the chunks, and hold every line once', async (_, kind, delimiter) => {
  await fc.assert(
    fc.asyncProperty(content(delimiter), sizes, limits, async (text, chunkSizes, limit) => {
      const whole = await recordsOf(text, { kind, limit })
      expect(await recordsOf(text, { kind, limit, sizes: chunkSizes })).toEqual(whole)
      const lines = text.replace(/\n$/, '').split('\n')
      expect(whole.reduce((sum, cut) => sum + cut.lines, 0)).toBe(lines.length)
      for (const cut of whole) {
        const record = lines.slice(cut.line - 1, cut.line - 1 + cut.lines).join('\n')
        expect(cut.text).toBe(
          record.length > limit ? long(record.slice(0, limit), record.length) : record.replace(/\r$/, ''),
        )
      }
    }),
    { numRuns: 1500 },
  )
})

const rows = (count: number) => Array.from({ length: count }, (_, index) => `${index},x,y`)

test('newlines within quotes are part of a record', async () => {
  const records = ['a,b', '1,"x\r\ny"', '"1\n\n2", "x""\n"', '3,4" and\t5"']
  expect(await textOf(records.join('\r\n'))).toEqual(records)
})

test.each([
  ['to the end of the object', []],
  ['until quotes come that make no sense', ['7,"x, x",y', '8,"x\nx",y']],
])('a quote that is opened by mistake, %s, takes no other line with it', async (_, more) => {
  const records = ['a,b,c', ...rows(20), '1,"x,y', ...rows(20), ...more]
  expect(await textOf(records.join('\n'))).toEqual(records)
})

test('a quote that is opened by mistake is told before more than the limit is held', async () => {
  const records = ['a,b,c', '1,"x,y', ...rows(5000)]
  expect(await textOf(records.join('\n'), { limit: 1000 })).toEqual(records)
})

test('where nothing tells that a quote is a mistake, all it may hold is one record', async () => {
  const prose = ['1,"x', 'this, and', 'that', 'and, finally, more', 'of it']
  expect(await textOf(['a,b', ...prose].join('\n'))).toEqual(['a,b', prose.join('\n')])
  // A list has as many commas a line, but ends its lines with them.
  const list = ['1,"[', ...Array(9).fill('  7,')]
  expect(await textOf(['a,b', ...list].join('\n'))).toEqual(['a,b', list.join('\n')])
})

test('a record that is too long is passed to its end, not to the next line', async () => {
  const record = `1,"${'some, or, many\nlines\n'.repeat(20)}"`
  expect(await textOf(`a,b\n${record}\n2,x\n`, { limit: 50 })).toEqual([
    'a,b',
    long(record.slice(0, 50), record.length),
    '2,x',
  ])
})

test('a quote in a table of a database is a letter where both lines are records as they stand', async () => {
  const lines = ['a\tb', '1\t"x', '2\ty', '3\t"', '4\t"x"y', '5\tz"', '6\t"x']
  expect(await textOf(lines.join('\n'), { kind: tsv })).toEqual(lines)
  const records = ['a\tb', '1\t"x\ny"', '"2\n2"\ty', '3\tz']
  expect(await textOf(records.join('\n'), { kind: tsv })).toEqual(records)
})

test('broken quotes on every line are no work', async () => {
  for (const line of ['"a"b,"\n', 'x,"y\n', '"', '","\n', '"a""b\n']) {
    const start = performance.now()
    await recordsOf(`a,b\n${line.repeat(4_000_000 / line.length)}`, { sizes: [65_536] })
    // Some milliseconds; anything quadratic takes minutes.
    expect(performance.now() - start).toBeLessThan(3000)
  }
})

test('chunks of a few bytes are no work within a long record', async () => {
  const start = performance.now()
  const record = `1,"${'x\n'.repeat(300_000)}"`
  expect(await textOf(`a,b\n${record}\n`, { sizes: [7] })).toEqual(['a,b', record])
  expect(performance.now() - start).toBeLessThan(3000)
})
