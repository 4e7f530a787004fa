import { describe, expect, test } from 'vitest'
import { type BrokenProtocol, brokenProtocols } from '../../scripts/simulate/broken.ts'
import { runSeed, type SeedResult } from '../../scripts/simulate/run-seed.ts'
import { runSeeds } from '../../scripts/simulate/run-seeds.ts'

describe('exactly once, in virtual time', () => {
  test('300 seeds: nothing lost, nothing twice, nothing acknowledged too soon', async () => {
    const failed: SeedResult[] = []
    let crashes = 0
    await runSeeds({ first: 1, count: 300 }, 2, (result) => {
      crashes += result.crashes
      if (result.faults.length > 0) failed.push(result)
      return false
    })
    expect(failed.map(({ seed, faults }) => ({ seed, faults }))).toEqual([])
    expect(crashes).toBeGreaterThan(1_000)
  }, 240_000)

  test('a seed is one run: twice the same', async () => {
    const withoutIds = (lines: readonly string[] | undefined) =>
      lines?.map((line) => line.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id'))
    const [one, two] = [await runSeed(42, { traced: true }), await runSeed(42, { traced: true })]
    expect(withoutIds(one.trace)?.length).toBeGreaterThan(100)
    expect(withoutIds(two.trace)).toEqual(withoutIds(one.trace))
  })
})

describe('the simulation notices', () => {
  test.each(Object.keys(brokenProtocols) as BrokenProtocol[])(
    '%s, within 200 seeds',
    async (broken) => {
      const caught: SeedResult[] = []
      await runSeeds({ first: 1, count: 200, broken }, 2, (result) => {
        if (result.duplicated + result.lost > 0) caught.push(result)
        return caught.length > 0
      })
      expect(caught.length).toBeGreaterThan(0)
    },
    120_000,
  )
})
