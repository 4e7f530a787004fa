import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memberAt, parseJsonObject, toJson } from '../../../functions/parse/json/json-document.ts'

/** A document read and written again. */
function through(text: string): string | undefined {
  const document = parseJsonObject(text)
  return document && toJson(document)
}

test('any document comes back as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (document) => {
      const text = JSON.stringify(document)
      expect(through(text)).toBe(JSON.stringify(JSON.parse(text)))
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['a snowflake id', '1234567890123456789'],
  ['the largest INT64', '9223372036854775807'],
  ['the smallest INT64', '-9223372036854775808'],
  ['the largest UINT64', '18446744073709551615'],
  ['just past 2^53', '9007199254740993'],
  ['a safe integer', '1700000000123456'],
  ['a Unix time to the microsecond', '1700000000.123456'],
  ['a fraction', '0.1'],
])('%s stays the number %s', (_, digits) => {
  for (const text of [`{"n":${digits}}`, `{"n":[${digits}]}`, `{"n":{"m":${digits}}}`])
    expect(through(text)).toBe(text)
})

test.each([
  ['an integer past 64 bits', '18446744073709551616'],
  ['20 decimals', '0.12345678901234567891'],
  ['20 digits around a point', '1234567890.1234567891'],
  ['a Unix time to the nanosecond', '1700000000.123456789'],
  ['one more digit than a double has', '9.0071992547409931'],
  ['a number past the largest double', '1e400'],
  ['one closer to zero than any double', '-1E-400'],
  ['a million digits', '7'.repeat(1_000_000)],
  ['a million zeros', `1${'0'.repeat(1_000_000)}1`],
])('%s is kept as its digits', (_, digits) => {
  const kept = through(`{ "n" : ${digits} }`) === `{"n":"${digits}"}`
  expect(kept).toBe(true)
})

test.each([
  ['1.50', '1.5'],
  ['100000000000000000000', '100000000000000000000'],
  ['1.000000000000000000000', '1'],
  ['-0.00000000000000012', '-1.2e-16'],
])('%s is no other number when a double holds it: %s', (written, kept) =>
  expect(through(`{"n":${written}}`)).toBe(`{"n":${kept}}`),
)

test('decimals of up to 20 digits lose none', () => {
  const number = fc
    .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.stringMatching(/^\d{1,12}$/))
    .map(([whole, part]) => `${whole}.${part}`)
  fc.assert(
    fc.property(number, (digits) => {
      const n: unknown = JSON.parse(through(`{"n":${digits}}`) ?? '')?.n
      const plain = (text: string) => text.replace(/\.?0*$/, '')
      // A number must have every digit of the original; a text is the original.
      if (typeof n === 'string') expect(n).toBe(digits)
      else expect(String(n)).toBe(plain(digits))
    }),
    { numRuns: 1000 },
  )
})

test('half a surrogate pair becomes U+FFFD in values and names', () => {
  expect(through('{"a":"\\ud83d","\\udc00b":[{"\\ud83d":"x\\ude00"}],"ok":"\\ud83d\\ude00"}')).toBe(
    '{"a":"\ufffd","\ufffdb":[{"\ufffd":"x\ufffd"}],"ok":"😀"}',
  )
})

test('names of Object.prototype are names', () => {
  const text = '{"__proto__":{"service":"evil"},"constructor":"x","hasOwnProperty":1}'
  expect(through(text)).toBe(text)
  const document = parseJsonObject(text) ?? {}
  expect(memberAt(document, 'service')).toBeUndefined()
  expect(memberAt(document, 'toString')).toBeUndefined()
  expect(memberAt(document, '__proto__.service')).toBe('evil')
  expect(through('{"a":{"__proto__":"\\ud800"}}')).toBe('{"a":{"__proto__":"\ufffd"}}')
})

test('a name with a dot goes before a path', () => {
  const document = parseJsonObject('{"a.b":1,"a":{"b":2,"c.d":3,"e":{"f":4}}}') ?? {}
  expect(['a.b', 'a.c.d', 'a.e.f', 'a.x', 'a.b.c'].map((path) => memberAt(document, path))).toEqual([
    1,
    3,
    4,
    undefined,
    undefined,
  ])
})

test.each([
  '',
  ' ',
  'null',
  '[]',
  '1',
  '"a"',
  '{',
  '{}x',
  '{"a":1,}',
  "{'a':1}",
  '{"a":NaN}',
  '12345678901234567890',
])('%j is no JSON object', (text) => expect(parseJsonObject(text)).toBeUndefined())

test('nesting deeper than BigQuery takes is none either, at any depth', () => {
  const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
  expect(through(nested(499))).toBe(nested(499))
  for (const levels of [500, 5000, 100_000, 1_000_000])
    expect(parseJsonObject(nested(levels))).toBeUndefined()
  expect(parseJsonObject('['.repeat(100_000))).toBeUndefined()
  expect(
    parseJsonObject(`{"n":12345678901234567890,"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
  ).toBeUndefined()
})
