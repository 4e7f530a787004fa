import type { Random } from '../random.ts'
import { drawObject, type SimulatedObject } from './draw-object.ts'
import { drawRefusals, type Refusal } from './refusals.ts'
import type { SourceName } from './sources.ts'
import { drawOutages, drawSpan, drawWeather, type Outage, type Span, type Weather } from './weather.ts'

/** A copy of an object in the landing bucket. */
export interface Copy {
  readonly object: SimulatedObject
  /** Later copies under one name have greater ones, whatever they are copies of. */
  readonly generation: number
  /** Virtual milliseconds. */
  readonly landsAt: number
  /** How often it is announced, and how long after. */
  readonly announcedAfter: readonly number[]
}

/** Everything one seed decides in advance. Times in virtual milliseconds. */
export interface Scenario {
  readonly copies: readonly Copy[]
  readonly instances: number
  readonly weather: Weather
  /** When there is weather; otherwise it is calm. */
  readonly storms: readonly Span[]
  readonly outages: readonly Outage[]
  readonly refusals: readonly Refusal[]
  /** When somebody ends the streams of some tables; never when absent. */
  readonly endsStreamsAt: number | undefined
  readonly landing: Landing
  readonly tables: Tables
  readonly leaseMs: number
  readonly ackDeadlineMs: number
  readonly streamShare: number
  /** Bytes of rows an object is held up to. */
  readonly heldBytes: number
  /** When a newer revision gets all deliveries, where two are side by side. */
  readonly shiftAt: number
}

/** How the landing bucket lets go of copies. */
export interface Landing {
  /** False: a copy is gone when another lands under its name. */
  readonly keepsVersions: boolean
  /** How long a copy is there; for ever when absent. */
  readonly expiresAfter: number | undefined
}

/** How BigQuery treats tables and streams. */
export interface Tables {
  /** A stream without traffic for so long is gone; never when absent. */
  readonly forgetsAfter: number | undefined
  /** The write side knows a column within so long of its coming. */
  readonly learnsWithin: number
}

/** Milliseconds of the first storm: what is drawn to go wrong, goes wrong within it. */
const firstStorm: Span = { from: 0, to: 10 * 60_000 }
const hour = 3_600_000

/**
 * @param gentle without what a revision of the code from before standing streams is known not to withstand: copies that
 * go, streams that are forgotten, calls that are refused, columns that take their time.
 */
export function drawScenario(random: Random, gentle: boolean): Scenario {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const sources = drawSources(random).filter((source) => !gentle || source !== 'evolving')
  const forgetsAfter = !gentle && random() < 0.2 ? hour * (1 + Math.floor(random() * 5)) : undefined
  // Hours later, when streams are forgotten, there is a second storm, and work in it.
  const second = (forgetsAfter ?? 0) + 20 * 60_000
  const storms = [firstStorm, ...(forgetsAfter ? [{ from: second, to: second + 300_000 }] : [])]
  const keepsVersions = gentle || random() < 0.5
  const spread = random() < 0.5 ? 200 : 60_000
  const copies = numbered(
    drawObjects(random, sources).flatMap((object) =>
      drawCopies(random, object, {
        spread,
        late: forgetsAfter ? second : undefined,
        copiedAgain: keepsVersions ? 0.2 : 0.35,
      }),
    ),
  )
  return {
    copies,
    instances: pick([1, 2, 3]),
    weather: drawWeather(random),
    storms,
    outages: storms.flatMap((storm) => drawOutages(random, storm)),
    refusals: gentle ? [] : drawRefusals(random, firstStorm),
    landing: {
      keepsVersions,
      expiresAfter: !gentle && random() < 0.15 ? pick([5_000, 60_000, 300_000]) : undefined,
    },
    tables: { forgetsAfter, learnsWithin: gentle ? 0 : pick([0, 5_000, 120_000]) },
    leaseMs: pick([5_000, 20_000, 60_000]),
    ackDeadlineMs: pick([20_000, 120_000, 600_000]),
    // With more tables a small share is hours of waiting, which shows nothing new.
    streamShare: sources.length === 1 ? pick([20, 60, 1_000]) : pick([60, 1_000]),
    heldBytes: pick([600, 2_000, 1_000_000]),
    shiftAt: drawSpan(random, firstStorm, firstStorm.to).to,
    endsStreamsAt: !gentle && random() < 0.15 ? random() * 60_000 : undefined,
  }
}

function drawSources(random: Random): SourceName[] {
  const others = (['other', 'capped', 'evolving'] as const).filter(() => random() < 0.2)
  return ['sim', ...others]
}

function drawObjects(random: Random, sources: readonly SourceName[]): SimulatedObject[] {
  const most = sources.length === 1 ? 10 : 6
  const first = sources.flatMap((source) => {
    const uploads = (source === 'sim' ? 2 : 1) + Math.floor(random() * most)
    return Array.from({ length: uploads }, (_, n) => {
      // Each brings a field that those before had not.
      const fields = source === 'evolving' ? Array.from({ length: n % 4 }, (_, f) => `field_${f}`) : []
      return drawObject(random, { source, key: `log-${n}`, etag: 'a' }, fields)
    })
  })
  // Another upload under a key that was used: other content, another etag.
  const again = first.filter(() => random() < 0.15)
  return [...first, ...again.map(({ source, key }) => drawObject(random, { source, key, etag: 'b' }))]
}

interface CopyTimes {
  /** Copies land within so long. */
  readonly spread: number
  /** When the late work begins, where there is any. */
  readonly late: number | undefined
  /** The chance of a second copy. */
  readonly copiedAgain: number
}

function drawCopies(random: Random, object: SimulatedObject, times: CopyTimes): Omit<Copy, 'generation'>[] {
  const { spread, late, copiedAgain } = times
  const copies = random() < copiedAgain ? 2 : 1
  return Array.from({ length: copies }, () => {
    const landsLate = late !== undefined && random() < 0.3
    const landsAt = (landsLate ? late : 0) + random() * spread
    const announcedAfter = Array.from(
      { length: random() < 0.3 ? 2 : 1 },
      () => random() * (random() < 0.1 ? 90_000 : 100),
    )
    // Announced once more when it is long loaded.
    if (late !== undefined && !landsLate && random() < 0.4) announcedAfter.push(late + random() * 60_000)
    return { object, landsAt, announcedAfter }
  })
}

/** Generations, in the order copies land under a name. */
function numbered(copies: readonly Omit<Copy, 'generation'>[]): Copy[] {
  const counts = new Map<string, number>()
  return copies
    .toSorted((a, b) => a.landsAt - b.landsAt)
    .map((copy) => {
      const name = `${copy.object.source}/${copy.object.key}`
      const generation = (counts.get(name) ?? 0) + 1
      counts.set(name, generation)
      return { ...copy, generation }
    })
}
