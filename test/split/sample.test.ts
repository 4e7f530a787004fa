import { expect, test } from 'vitest'
import { sampleOf } from '../../functions/split/shape/sample.ts'
import { readObject, sourceOf } from './read-object.ts'

const lines = Array.from({ length: 20_000 }, (_, index) => index + 1)

test.each([0, 0.01, 0.1, 0.5, 0.99, 1])('about a share of %d is kept', (rate) => {
  const kept = lines.filter(sampleOf('s3://logs/one.gz', rate)).length
  // Five standard deviations of a fair draw.
  const deviation = Math.sqrt(lines.length * rate * (1 - rate))
  expect(Math.abs(kept - lines.length * rate)).toBeLessThanOrEqual(5 * deviation)
})

test('neighbours, and objects, are drawn apart', () => {
  const one = sampleOf('s3://logs/one.gz', 0.5)
  const two = sampleOf('s3://logs/two.gz', 0.5)
  for (const other of [two, (line: number) => one(line + 1), (line: number) => one(line + 2)]) {
    const same = lines.filter((line) => one(line) === other(line)).length
    expect(Math.abs(same - lines.length / 2)).toBeLessThan(5 * Math.sqrt(lines.length / 4))
  }
})

test('the same lines are kept each time, with functions or without; the others count as filtered', async () => {
  const content = '{"app":"a"}\n'.repeat(500)
  const source = sourceOf({ format: 'json-lines', sample: 0.3 })
  const first = await readObject(source, content)
  const kept = first.rows.map((row) => Number(row['source_line']))
  expect(kept.length).toBeGreaterThan(100)
  expect(kept.length).toBeLessThan(200)
  expect(first.counts).toEqual({ read: 500, written: kept.length, filtered: 500 - kept.length, rejected: 0 })
  for (const again of [source, { ...source, filter: () => true }]) {
    const { rows } = await readObject(again, content, { sizes: [7] })
    expect(rows.map((row) => Number(row['source_line']))).toEqual(kept)
  }
})

test('lines that are no rows are rejected, drawn or not', async () => {
  const { counts } = await readObject(sourceOf({ format: 'json-lines', sample: 0 }), '{}\nbad\n')
  expect(counts).toEqual({ read: 2, written: 0, filtered: 1, rejected: 1 })
})
