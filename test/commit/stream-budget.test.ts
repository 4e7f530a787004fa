import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StreamBudget } from '../../functions/commit/stream-budget.ts'

const hour = 3_600_000

/** A clock on which sleeping takes no time. */
function instantClock() {
  const clock = {
    time: 0,
    now: () => clock.time,
    sleep: async (millis: number) => {
      clock.time += millis
    },
    random: () => 0.5,
  }
  return clock
}

test('no hour, wherever it begins, sees more streams than the share', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 200 }),
      fc.array(fc.integer({ min: 0, max: 10 * 60_000 }), { maxLength: 300 }),
      async (share, pauses) => {
        const clock = instantClock()
        const budget = new StreamBudget(share, clock)
        const taken: number[] = []
        for (const pause of pauses) {
          clock.time += pause
          await budget.take()
          taken.push(clock.time)
        }
        for (const [index, at] of taken.entries()) {
          expect(taken.slice(index).filter((later) => later < at + hour).length).toBeLessThanOrEqual(share)
        }
      },
    ),
  )
})

test('a burst of half the share costs no wait, and room for many waits for many', async () => {
  const clock = instantClock()
  const budget = new StreamBudget(100, clock)
  for (let n = 0; n < 50; n++) await budget.take()
  expect(clock.time).toBe(0)
  await budget.room(10)
  expect(clock.time).toBe((10 / 50) * hour)
})

test('takers at the same moment do not share a token', async () => {
  const clock = instantClock()
  const budget = new StreamBudget(4, clock)
  await Promise.all(Array.from({ length: 4 }, () => budget.take()))
  expect(clock.time).toBeGreaterThanOrEqual(hour)
})
