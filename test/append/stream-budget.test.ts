import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StreamBudget, streamsAnHour, streamsASecond } from '../../functions/append/stream-budget.ts'

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

const forever = Number.POSITIVE_INFINITY
/** Most calls in any stretch of so many milliseconds. */
const mostWithin = (times: readonly number[], millis: number) =>
  Math.max(...times.map((at, index) => times.slice(index).filter((later) => later < at + millis).length), 0)

test('no hour, wherever it begins, sees more streams than the share; nor do thirty seconds see more than twice theirs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000 }),
      fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 300 }),
      async (instances, pauses) => {
        const clock = instantClock()
        const budget = new StreamBudget(1 / instances, clock)
        const taken: number[] = []
        for (const pause of pauses) {
          clock.time += pause
          await budget.acquireStream(forever)
          taken.push(clock.time)
        }
        // Of a share that is less than one, one is to be had.
        expect(mostWithin(taken, hour)).toBeLessThanOrEqual(Math.max(2, streamsAnHour / instances))
        expect(mostWithin(taken, 30_000)).toBeLessThanOrEqual(
          Math.max(2, (streamsASecond / instances) * 60 + 1),
        )
      },
    ),
  )
})

test('thirty seconds of calls are to be had at once, then so many a second', async () => {
  const clock = instantClock()
  const budget = new StreamBudget(1 / 10, clock)
  for (let n = 0; n < 120; n++) await budget.acquireStream(forever)
  expect(clock.time).toBe(0)
  for (let n = 0; n < 20; n++) await budget.acquireStream(forever)
  expect(clock.time).toBe(5_000)
})

test('takers at the same moment have a place each, and who would wait too long is told so at once', async () => {
  let now = 0
  const clock = { ...instantClock(), now: () => now, sleep: async () => undefined }
  const budget = new StreamBudget(1 / 10, clock)
  const results = await Promise.allSettled(Array.from({ length: 140 }, () => budget.acquireStream(2_000)))
  // A hundred and twenty at once, eight more within two seconds.
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(128)
  expect(results[139]).toMatchObject({ reason: { code: 'streams_exhausted', kind: 'system' } })
  // What was not to be had is not used up.
  now += 250
  await expect(budget.acquireStream(2_000)).resolves.toBeUndefined()
})
