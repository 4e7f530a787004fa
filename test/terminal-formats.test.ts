import { expect, test } from 'vitest'
import { formatBytes } from '../scripts/terminal/bytes.ts'
import { formatCount } from '../scripts/terminal/count.ts'
import { formatDuration } from '../scripts/terminal/duration.ts'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [10_300, '10.1 KiB'],
  [102_400, '100 KiB'],
  [1_048_575, '1 MiB'],
  [1_234_567_890, '1.15 GiB'],
  [5 * 1024 ** 5, '5 PiB'],
  [5000 * 1024 ** 5, '5000 PiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [0, '0'],
  [999, '999'],
  [1234567, '1,234,567'],
  [-1234, '-1,234'],
  [1.23456, '1.235'],
  [9_007_199_254_740_993n, '9,007,199,254,740,993'],
])('the count %s is %s', (count, text) => {
  expect(formatCount(count)).toBe(text)
})

test.each([
  [0, '0 ms'],
  [0.42, '0.4 ms'],
  [9.96, '10 ms'],
  [999, '999 ms'],
  [999.6, '1 s'],
  [1000, '1 s'],
  [4210, '4.2 s'],
  [9960, '10 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [83_000, '1 min 23 s'],
  [119_600, '2 min'],
  [3_599_400, '59 min 59 s'],
  [3_599_600, '1 h'],
  [7_500_000, '2 h 5 min'],
  [86_399_999, '1 d'],
  [273_600_000, '3 d 4 h'],
  [-1500, '-1.5 s'],
])('%d ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
