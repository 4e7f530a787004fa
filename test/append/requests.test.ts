import fc from 'fast-check'
import { expect, test } from 'vitest'
import { requestBytes, requestsOf } from '../../functions/append/requests.ts'

const limit = 100
/** What a row takes in a protobuf message: tag, length and itself. */
const wireBytes = (row: Buffer) => 1 + (row.length < 128 ? 1 : 2) + row.length

test('every row once, in order, in requests that are full and fit', () => {
  const rows = fc.array(fc.uint8Array({ maxLength: 150 }).map((bytes) => Buffer.from(bytes)))
  fc.assert(
    fc.property(rows, (given) => {
      const requests = [...requestsOf(given, limit)]
      expect(requests.flat()).toEqual(given)
      requests.forEach((request, index) => {
        const bytes = request.reduce((sum, row) => sum + wireBytes(row), 0)
        expect(request.length === 1 || bytes <= limit).toBe(true)
        const next = requests[index + 1]?.[0]
        if (next) expect(bytes + wireBytes(next) + 6 * (request.length + 1)).toBeGreaterThan(limit)
      })
    }),
  )
})

test('no rows are no request', () => expect([...requestsOf([])]).toEqual([]))

test('a request stays below the older limit of 10 MB, schema included', () => {
  const rows = Array.from({ length: 40 }, () => Buffer.alloc(1_000_000))
  const sizes = [...requestsOf(rows)].map((request) => request.reduce((sum, row) => sum + row.length, 0))
  expect(Math.max(...sizes)).toBeLessThanOrEqual(requestBytes)
  expect(sizes).toEqual([8, 8, 8, 8, 8].map((megabytes) => megabytes * 1_000_000))
})
