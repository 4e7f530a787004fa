import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bar, sparkline } from '../scripts/terminal/bars.ts'
import { distributions } from '../scripts/terminal/distributions.ts'
import { durationBuckets } from '../scripts/terminal/duration-buckets.ts'
import { histogram } from '../scripts/terminal/histogram.ts'
import { axisBins, axisOver, axisPosition } from '../scripts/terminal/log-axis.ts'
import { quantile, quantiles } from '../scripts/terminal/quantiles.ts'

const plain = { isTty: false, noColor: true, columns: 60 }
const ascii = { ...plain, ascii: true }
const durations = fc.array(fc.integer({ min: 0, max: 10 ** 9 }), { minLength: 1, maxLength: 200 })

test('a histogram is a line of figures and a bar per occupied bucket', () => {
  const values = [0, 1, 1, 1, 7, 7, 1500, 90_000]
  expect(histogram({ title: 'load', values }, plain).split('\n').slice(0, 4)).toEqual([
    'load  n 8  p50 1 ms  p90 1 min 30 s  p99 1 min 30 s  max 1 min 30 s',
    '       under 1 ms  1  ████████████▋',
    '      1 ms – 2 ms  3  ██████████████████████████████████████',
    '      2 ms – 5 ms  0',
  ])
})

test('a histogram in ASCII', () => {
  expect(histogram({ title: 'load', values: [3, 3, 12] }, { ...ascii, columns: 30 })).toBe(
    [
      'load  n 3  p50 3 ms  p90 12 ms  p99 12 ms  max 12 ms',
      '    2 ms - 5 ms  2  ##########',
      '   5 ms - 10 ms  0',
      '  10 ms - 20 ms  1  #####',
    ].join('\n'),
  )
})

test('a histogram of nothing and of one value', () => {
  expect(histogram({ title: 'load', values: [] }, plain)).toBe('load  no values')
  expect(histogram({ title: 'load', values: [10 ** 10] }, ascii)).toContain('7 d or more  1  ####')
})

test('distributions share one axis', () => {
  const rows = [
    { name: 'event', values: [], whenEmpty: 'included in transfer' },
    { name: 'transfer', values: [10_000, 10_000, 10_000, 20_000] },
    { name: 'load', values: [100, 150] },
  ]
  expect(distributions(rows, { ...ascii, columns: 76 }).split('\n')).toEqual([
    '                                              p50     p90     p99     max  n',
    'event     included in transfer                  -       -       -       -  0',
    'transfer                           @  -      10 s    20 s    20 s    20 s  4',
    'load      @ @                              100 ms  150 ms  150 ms  150 ms  2',
    '          100 ms      1 s          10 s',
  ])
})

test('a bar grows by eighths and a sparkline by levels; one value is always seen', () => {
  expect([0, 0.001, 0.5, 1].map((share) => bar(share, 4, false))).toEqual(['', '▏', '██', '████'])
  expect(sparkline([0, 1, 500, 1000], false)).toBe(' ▁▄█')
  expect(sparkline([0, 1, 500, 1000], true)).toBe(' .=@')
})

test('quantiles are what counting in the unsorted values says', () => {
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.9, 0.99, 1), (values, q) => {
      const least = values
        .filter((value) => values.filter((other) => other <= value).length >= q * values.length)
        .reduce((a, b) => Math.min(a, b))
      const ascending = values.toSorted((a, b) => a - b)
      expect(quantile(ascending, q)).toBe(least)
    }),
  )
  expect(quantiles([])).toBeUndefined()
  expect(quantiles([5, 1, 4, 2, 3])).toEqual({ p50: 3, p90: 5, p99: 5, max: 5 })
})

test('every value is in exactly one bucket and one bin', () => {
  fc.assert(
    fc.property(durations, fc.integer({ min: 1, max: 100 }), (values, bins) => {
      const buckets = durationBuckets(values)
      for (const { fromMs, toMs, count } of buckets) {
        const within = values.filter((value) => value >= fromMs && (toMs === null || value < toMs))
        expect(count).toBe(within.length)
      }
      const counts = axisBins(axisOver(values), values, bins)
      expect(counts).toHaveLength(bins)
      expect(counts.reduce((a, b) => a + b)).toBe(values.length)
    }),
  )
})

test('an axis goes from step to step around its values', () => {
  expect(axisOver([150, 7000])).toEqual({ fromMs: 100, toMs: 10_000 })
  expect(axisOver([0])).toEqual({ fromMs: 1, toMs: 2 })
  expect(axisPosition({ fromMs: 100, toMs: 10_000 }, 1000)).toBeCloseTo(0.5)
  expect(axisPosition({ fromMs: 100, toMs: 10_000 }, 0)).toBe(0)
})
