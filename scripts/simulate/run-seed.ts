import { seededRandom } from '../random.ts'
import { check, type Verdict } from './check.ts'
import { checkAcknowledged } from './check-acknowledged.ts'
import { Delivery, messagesOf } from './delivery.ts'
import { Fleet } from './fleet.ts'
import type { Break, Servers } from './instance.ts'
import { LandingBucket } from './landing-bucket.ts'
import { LedgerServer } from './ledger-server.ts'
import { type Revision, thisRevision } from './revision.ts'
import { drawScenario, type Scenario } from './scenario.ts'
import { calm } from './weather.ts'
import { World } from './world.ts'
import { WriteServer } from './write-server.ts'

/** What came of one seed. */
export interface SeedResult extends Verdict {
  readonly seed: number
  readonly objects: number
  readonly deliveries: number
  readonly crashes: number
  readonly freezes: number
  readonly lateEffects: number
  /** False when it still went on after `mostEvents`. */
  readonly rested: boolean
  /** Everything that happened, a line each, when asked for. */
  readonly trace: readonly string[] | undefined
}

export interface SeedOptions {
  readonly traced?: boolean
  readonly broken?: Break | undefined
  /** Another revision, at work beside this one until a drawn moment. */
  readonly beside?: Revision | undefined
}

/** Events after which a run is taken not to come to rest. */
const mostEvents = 60_000

/** Draws a scenario from a seed, runs the real load code through it, and checks what is left. */
export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const random = seededRandom(seed)
  const scenario = drawScenario(random, options.beside !== undefined)
  const world = new World(random, calm, options.traced)
  const servers = serversOf(world, scenario)
  const revisions = { now: await thisRevision(), before: options.beside }
  const fleet = new Fleet({ world, servers, scenario, broken: options.broken }, revisions)
  const faults: string[] = []
  const delivery = new Delivery(world, scenario.ackDeadlineMs, fleet, (attempt, outcome) => {
    faults.push(...checkAcknowledged(attempt, outcome, servers))
  })
  const messages = scenario.copies.flatMap(messagesOf)
  for (const { message, at } of messages) world.after(at, () => delivery.deliver(message))
  planWeather(world, scenario)
  if (scenario.endsStreamsAt !== undefined)
    world.after(scenario.endsStreamsAt, () => servers.write.streams.end('_checkout'))
  const rested = await world.run(mostEvents)
  if (!rested) faults.push(`not at rest after ${mostEvents} events`)
  const verdict = check(
    scenario,
    messages.map(({ message }) => message),
    servers,
  )
  const { freezes, lateEffects, trace } = world
  return {
    ...verdict,
    seed,
    rested,
    crashes: fleet.crashes,
    freezes,
    lateEffects,
    trace,
    faults: [...faults, ...verdict.faults],
    objects: new Set(scenario.copies.map(({ object }) => object)).size,
    deliveries: messages.reduce((sum, { message }) => sum + message.attempts, 0),
  }
}

function serversOf(world: World, scenario: Scenario): Servers {
  return {
    ledger: new LedgerServer(world),
    write: new WriteServer(world, { ...scenario.tables, refusals: scenario.refusals }),
    landing: new LandingBucket(world, scenario.copies, scenario.landing),
  }
}

function planWeather(world: World, { storms, weather, outages }: Scenario): void {
  world.outages = outages
  for (const { from, to } of storms) {
    if (from === 0) world.weather = weather
    else
      world.after(from, () => {
        world.weather = weather
      })
    world.after(to, () => world.calm())
  }
}
