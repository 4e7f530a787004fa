import { seededRandom } from '../random.ts'
import { check, isLoaded, recordsOf, type Verdict } from './check.ts'
import { Delivery, type Instance, type Message } from './delivery.ts'
import { type Break, bucket, type Servers, startLoader } from './instance.ts'
import { LedgerServer } from './ledger-server.ts'
import { drawScenario } from './scenario.ts'
import { type Process, World } from './world.ts'
import { WriteServer } from './write-server.ts'

/** What came of one seed. */
export interface SeedResult extends Verdict {
  readonly seed: number
  readonly objects: number
  readonly deliveries: number
  readonly crashes: number
  /** Everything that happened, a line each, when asked for. */
  readonly trace: readonly string[] | undefined
}

export interface SeedOptions {
  readonly traced?: boolean
  readonly broken?: Break
}

/** Virtual milliseconds after which nothing goes wrong any more. */
const calmAfter = 10 * 60_000
/** Events after which a run is taken not to come to rest. */
const mostEvents = 200_000

/** Draws a scenario from a seed, runs the real load code through it, and checks what is left. */
export async function runSeed(
  seed: number,
  { traced = false, broken }: SeedOptions = {},
): Promise<SeedResult> {
  const random = seededRandom(seed)
  const scenario = drawScenario(random)
  const world = new World(random, scenario.weather, traced)
  const servers: Servers = {
    ledger: new LedgerServer(world),
    write: new WriteServer(world),
    objects: new Map(
      scenario.copies.map(({ object, generation }) => [
        `s3/${bucket}/${object.key}#${generationOf(object.etag, generation)}`,
        object,
      ]),
    ),
  }
  const faults: string[] = []
  let crashes = 0
  const instances: Instance[] = []
  const startInstance = (slot: number, life: number) => {
    const process: Process = {
      name: `instance-${slot}.${life}`,
      alive: true,
      onDeath: () => {
        crashes += 1
        world.after(500 + random() * 10_000, () => startInstance(slot, life + 1))
      },
    }
    instances[slot] = { process, tools: startLoader(world, process, servers, scenario, broken) }
  }
  for (let slot = 0; slot < scenario.instances; slot++) startInstance(slot, 1)

  const delivery = new Delivery(
    world,
    scenario.ackDeadline,
    () => instances,
    (message, outcome) => {
      const { object } = message.copy
      const loaded = outcome.kind === 'committed' || outcome.kind === 'duplicate'
      if (loaded && !isLoaded(object, servers.write)) {
        faults.push(`${message.id} is acknowledged as ${outcome.kind} before all of ${object.key} is there`)
      }
      if (recordsOf(object, servers.write).length === 0)
        faults.push(`${message.id} is acknowledged without a record`)
    },
  )
  const messages = scenario.copies.flatMap((copy) =>
    copy.announcedAfter.map((after): Message => {
      const { object } = copy
      const generation = generationOf(object.etag, copy.generation)
      const id = `message ${object.key}/${object.etag}#${copy.generation}+${Math.round(after)}`
      const message = {
        id,
        copy: { ...copy, generation },
        attempts: 0,
        acknowledged: undefined,
        broke: undefined,
      }
      world.after(copy.landsAt + after, () => delivery.deliver(message))
      return message
    }),
  )
  world.after(calmAfter, () => world.calm())
  const rested = await world.run(mostEvents)
  if (!rested) faults.push(`not at rest after ${mostEvents} events`)
  const verdict = check(scenario, messages, servers.write)
  return {
    ...{ seed, crashes, lost: verdict.lost, duplicated: verdict.duplicated },
    faults: [...faults, ...verdict.faults],
    objects: new Set(scenario.copies.map(({ object }) => object)).size,
    deliveries: messages.reduce((sum, { attempts }) => sum + attempts, 0),
    trace: world.trace,
  }
}

/** Generations are of a name: copies of different content under one key must differ. */
function generationOf(etag: string, copy: number): number {
  return (etag === 'a' ? 0 : 100) + copy
}
