import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFloat, readInteger } from '../../../functions/parse/text/numbers.ts'

/** The number amid other bytes, which must not be read. */
function within<T>(read: (bytes: Buffer, start: number, end: number) => T, text: string): T {
  const bytes = Buffer.from(`9${text}9`)
  return read(bytes, 1, bytes.length - 1)
}

const integer = (text: string) => within(readInteger, text)
const float = (text: string) => within(readFloat, text)

test('integers of 64 bits are exact', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      expect(BigInt(integer(String(value)) ?? 'none')).toBe(value)
    }),
  )
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(integer(String(value))).toBe(value)
    }),
  )
})

test.each([
  '',
  '-',
  '+1',
  '1.0',
  ' 1',
  '1 ',
  '--1',
  '0x10',
  '1e3',
  '1_0',
  '9223372036854775808',
  '9'.repeat(60),
])('%j is no INT64', (text) => expect(integer(text)).toBeUndefined())

test('decimals are what Number reads', () => {
  const decimal = fc
    .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.option(fc.stringMatching(/^\d{0,20}$/)))
    .map(([minus, whole, part]) => `${minus ? '-' : ''}${whole}${part === null ? '' : `.${part}`}`)
  fc.assert(
    fc.property(decimal, (text) => {
      expect(float(text)).toBe(Number(text))
    }),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(float(String(value))).toBe(Number(String(value)))
    }),
  )
})

test.each(['', '-', '.', '-.', '1.2.3', '1,5', 'NaN', 'Infinity', '1e', ' 1', '1 ', '0x1', '1'.repeat(60)])(
  '%j is no FLOAT64',
  (text) => expect(float(text)).toBeUndefined(),
)

test('arbitrary text is undefined or what Number reads', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[-+0-9.eE ]{1,12}$/), (text) => {
      expect([undefined, Number(text)]).toContain(float(text))
      expect([undefined, Number(text)]).toContain(integer(text))
    }),
    { numRuns: 2000 },
  )
})
