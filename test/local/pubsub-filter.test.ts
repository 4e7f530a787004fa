import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFilter } from '../../scripts/local/pubsub/filter.ts'

type Attributes = Readonly<Record<string, string>>

/** A filter as text together with what it means, built up side by side. */
interface Sample {
  readonly text: string
  readonly passes: (attributes: Attributes) => boolean
}

const key = fc.constantFrom('app', 'eventType', 'a-b', 'with space')
const value = fc.constantFrom('', 'x', 'xy', 'say "x"', 'back\\slash', 'AND')
const quote = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
const keyText = (name: string) => (name.includes(' ') ? quote(name) : name)

const comparison: fc.Arbitrary<Sample> = fc.oneof(
  key.map((k) => ({ text: `attributes:${keyText(k)}`, passes: (a: Attributes) => k in a })),
  fc.tuple(key, value).map(([k, v]) => ({
    text: `attributes.${keyText(k)} = ${quote(v)}`,
    passes: (a: Attributes) => a[k] === v,
  })),
  fc.tuple(key, value).map(([k, v]) => ({
    text: `attributes.${keyText(k)}!=${quote(v)}`,
    passes: (a: Attributes) => a[k] !== v,
  })),
  fc.tuple(key, value).map(([k, v]) => ({
    text: `hasPrefix(attributes.${keyText(k)}, ${quote(v)})`,
    passes: (a: Attributes) => a[k] !== undefined && a[k].slice(0, v.length) === v,
  })),
)

const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    comparison,
    fc.tuple(tie('sample'), fc.constantFrom('NOT ', '-')).map(([inner, not]) => ({
      text: `${not}(${inner.text})`,
      passes: (a: Attributes) => !inner.passes(a),
    })),
    fc
      .tuple(fc.constantFrom('AND', 'OR'), fc.array(tie('sample'), { minLength: 2, maxLength: 3 }))
      .map(([operator, inner]) => ({
        text: inner.map(({ text }) => `(${text})`).join(` ${operator} `),
        passes: (a: Attributes) =>
          operator === 'AND' ? inner.every(({ passes }) => passes(a)) : inner.some(({ passes }) => passes(a)),
      })),
  ),
}))

const attributes = fc.dictionary(key, value)

describe('the filter language', () => {
  it('means what a naive reading of it says', () => {
    fc.assert(
      fc.property(sample, attributes, ({ text, passes }, given) => {
        fc.pre(text.length <= 256)
        expect(parseFilter(text)(given)).toBe(passes(given))
      }),
      { numRuns: 2000 },
    )
  })

  it.each<[string, Attributes, boolean]>([
    ['', {}, true],
    ['attributes.eventType = "OBJECT_FINALIZE"', { eventType: 'OBJECT_FINALIZE' }, true],
    ['attributes.eventType = "OBJECT_FINALIZE"', { eventType: 'OBJECT_DELETE' }, false],
    ['attributes:app AND NOT hasPrefix(attributes.app, "test-")', { app: 'web' }, true],
    ['attributes:app AND NOT hasPrefix(attributes.app, "test-")', { app: 'test-web' }, false],
    ['NOT attributes:a AND attributes:b', { b: '' }, true],
    ['attributes.a != "x"', {}, true],
    ['attributes:constructor', {}, false],
  ])('%s of %o is %s', (text, given, passes) => {
    expect(parseFilter(text)(given)).toBe(passes)
  })

  it.each([
    'attributes',
    'attributes.a',
    'attributes.a = b',
    'attributes.a = "b',
    'attributes.a == "b"',
    "attributes.a = 'b'",
    'attributes.a = "\\u0041"',
    'data = "x"',
    'hasPrefix(attributes.a)',
    '(attributes:a',
    'attributes:a)',
    'attributes:a AND',
    'attributes:a attributes:b',
    'attributes:a and attributes:b',
    'attributes:a AND attributes:b OR attributes:c',
    `attributes:${'a'.repeat(250)}`,
  ])('refuses %s', (text) => {
    expect(() => parseFilter(text)).toThrow(/filter/i)
  })
})
