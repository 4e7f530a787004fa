import type { Random } from '../random.ts'
import type { Weather } from './world.ts'
import { refusedWord } from './write-server.ts'

/** An object as uploaded, and what must become of it. */
export interface SimulatedObject {
  readonly key: string
  readonly etag: string
  readonly body: Buffer
  /** The token of each good line, and of each bad one: where it must be once. */
  readonly good: readonly string[]
  readonly bad: readonly string[]
  readonly lines: number
  /** `damaged`: reading fails after its last line. `refused`: a row of it is refused by BigQuery. */
  readonly fate: 'loads' | 'damaged' | 'refused'
}

/** A copy of an object in the landing bucket: copied again, it has another generation. */
export interface Copy {
  readonly object: SimulatedObject
  readonly generation: number
  /** Virtual milliseconds. */
  readonly landsAt: number
  /** How often it is announced, and how long after. */
  readonly announcedAfter: readonly number[]
}

/** Everything one seed decides in advance. */
export interface Scenario {
  readonly copies: readonly Copy[]
  readonly instances: number
  readonly weather: Weather
  /** Milliseconds. */
  readonly lease: number
  readonly ackDeadline: number
  readonly streamShare: number
  /** Bytes of rows an object is held up to. */
  readonly heldBytes: number
}

const apps = ['checkout', 'search', 'accounts']

export function drawScenario(random: Random): Scenario {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const uploads = 2 + Math.floor(random() * 10)
  const objects = Array.from({ length: uploads }, (_, n) => drawObject(random, `log-${n}`, 'a'))
  // Another upload under a key that was used: other content, another etag.
  const again = objects.filter(() => random() < 0.15).map(({ key }) => drawObject(random, key, 'b'))
  const together = random() < 0.5
  return {
    copies: [...objects, ...again].flatMap((object) => drawCopies(random, object, together ? 200 : 60_000)),
    instances: pick([1, 2, 3]),
    weather: {
      failBefore: pick([0, 0.03, 0.15]),
      failAfter: pick([0, 0.03, 0.15]),
      crash: pick([0, 0.003, 0.01, 0.03]),
      slow: pick([0, 0.02, 0.1]),
      slowMillis: pick([2_000, 30_000, 120_000]),
    },
    lease: pick([5_000, 20_000, 60_000]),
    ackDeadline: pick([20_000, 120_000, 600_000]),
    streamShare: pick([12, 40, 1_000]),
    heldBytes: pick([600, 2_000, 1_000_000]),
  }
}

function drawObject(random: Random, key: string, etag: string): SimulatedObject {
  const count = random() < 0.2 ? 20 + Math.floor(random() * 20) : Math.floor(random() * 8)
  const fate = random() < 0.06 ? 'damaged' : random() < 0.06 ? 'refused' : 'loads'
  const good: string[] = []
  const bad: string[] = []
  const lines = Array.from({ length: Math.max(1, count) }, (_, n) => {
    const token = `${key}/${etag}/${n + 1}`
    if (random() < 0.1) {
      bad.push(token)
      return `no JSON ${token}`
    }
    good.push(token)
    const app = apps[Math.floor(random() * apps.length)]
    const refused = fate === 'refused' && n === 0 ? refusedWord : ''
    return JSON.stringify({ app, message: `${refused}${token}` })
  })
  // The line that is refused must be there.
  if (fate === 'refused' && !lines[0]?.includes(refusedWord)) return drawObject(random, key, etag)
  const body = Buffer.from(`${lines.join('\n')}\n`)
  return { key, etag, body, good, bad, lines: lines.length, fate }
}

function drawCopies(random: Random, object: SimulatedObject, spread: number): Copy[] {
  const copies = random() < 0.2 ? 2 : 1
  return Array.from({ length: copies }, (_, n) => ({
    object,
    generation: n + 1,
    landsAt: random() * spread,
    announcedAfter: Array.from(
      { length: random() < 0.3 ? 2 : 1 },
      () => random() * (random() < 0.1 ? 90_000 : 100),
    ),
  }))
}
