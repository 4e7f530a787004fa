import { beforeAll, describe, expect, test } from 'vitest'
import { type BrokenProtocol, brokenProtocols, ofStandingStreams } from '../../scripts/simulate/broken.ts'
import { thisRevision } from '../../scripts/simulate/revision.ts'
import { runSeed, type SeedResult } from '../../scripts/simulate/run-seed.ts'
import { runSeeds, type SeedRange } from '../../scripts/simulate/run-seeds.ts'
import { archivedRevision } from './archived-revision.ts'

/** The last revision of the code with a PENDING stream for each group and table. */
const beforeStandingStreams = '397fc12'

async function run(range: SeedRange): Promise<{ failed: SeedResult[]; sum(of: keyof SeedResult): number }> {
  const results: SeedResult[] = []
  await runSeeds(range, 2, (result) => {
    results.push(result)
    return false
  })
  return {
    failed: results.filter(({ faults }) => faults.length > 0),
    sum: (of) => results.reduce((sum, result) => sum + Number(result[of]), 0),
  }
}

const faultsOf = (failed: readonly SeedResult[]) => failed.map(({ seed, faults }) => ({ seed, faults }))

describe('exactly once, in virtual time', () => {
  test('300 seeds: nothing lost, nothing twice, nothing acknowledged too soon', async () => {
    const { failed, sum } = await run({ first: 1, count: 300 })
    expect(faultsOf(failed)).toEqual([])
    expect(sum('crashes')).toBeGreaterThan(1_000)
    expect(sum('freezes')).toBeGreaterThan(100)
    expect(sum('lateEffects')).toBeGreaterThan(1_000)
    // Some objects were gone before anybody had read them; most were not.
    expect(sum('missed')).toBeGreaterThan(20)
    expect(sum('missed')).toBeLessThan(sum('objects') / 5)
  }, 240_000)

  test('a seed is one run: twice the same', async () => {
    const withoutIds = (lines: readonly string[] | undefined) =>
      lines?.map((line) => line.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id'))
    const [one, two] = [await runSeed(42, { traced: true }), await runSeed(42, { traced: true })]
    expect(withoutIds(one.trace)?.length).toBeGreaterThan(100)
    expect(withoutIds(two.trace)).toEqual(withoutIds(one.trace))
  })
})

describe('two revisions side by side', () => {
  let archived: Awaited<ReturnType<typeof archivedRevision>>
  beforeAll(async () => {
    archived = await archivedRevision(beforeStandingStreams)
  })

  test('60 seeds: the one before, whose streams were PENDING, and this one', async (context) => {
    if ('missing' in archived) return context.skip(archived.missing)
    const { failed, sum } = await run({ first: 1, count: 60, beside: archived.directory })
    expect(faultsOf(failed)).toEqual([])
    expect(sum('objects')).toBeGreaterThan(300)
  }, 120_000)
})

describe('the simulation notices', async () => {
  const { streams } = await thisRevision()
  const protocols = Object.keys(brokenProtocols) as BrokenProtocol[]
  test.each(protocols.filter((broken) => streams === 'BUFFERED' || !ofStandingStreams.has(broken)))(
    '%s, within 200 seeds',
    async (broken) => {
      const caught: SeedResult[] = []
      await runSeeds({ first: 1, count: 200, broken }, 2, (result) => {
        // What never comes to rest has lines that are still to come.
        if (result.rested && result.duplicated + result.lost > 0) caught.push(result)
        return caught.length > 0
      })
      expect(caught.length).toBeGreaterThan(0)
    },
    120_000,
  )
})
