import { Readable } from 'node:stream'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import type { LoadTools } from '../../functions/load.ts'
import { type LoaderParts, loadTools } from '../../functions/load-tools.ts'
import { Failure } from '../../functions/model/failure.ts'
import type { LandedObject } from '../../functions/model/object.ts'
import type { ObjectStore } from '../../functions/parse/object-store.ts'
import type { LedgerServer } from './ledger-server.ts'
import type { Scenario, SimulatedObject } from './scenario.ts'
import { type Process, Unreachable, type World } from './world.ts'
import type { WriteServer } from './write-server.ts'

/** Epoch milliseconds of virtual time 0. */
export const epoch = Date.UTC(2026, 0, 1)
export const bucket = 'simulated-logs'

export const bridge = defineBridge({
  aws: { region: 'us-east-1' },
  google: {
    project: 'simulated',
    location: 'US',
    landingBucket: 'landing-bucket',
    ledgerBucket: 'ledger-bucket',
  },
  sources: { sim: { bucket, format: 'json-lines' } },
})

/** The servers all instances share. */
export interface Servers {
  readonly ledger: LedgerServer
  readonly write: WriteServer
  /** By landing name and generation. */
  readonly objects: ReadonlyMap<string, SimulatedObject>
}

/** How a deliberately broken protocol differs: a port of the loader is replaced. */
export type Break = (parts: LoaderParts, servers: Servers) => LoaderParts

/** A fresh loader, the real one, as one process of the simulation runs it. Clocks of processes differ by seconds. */
export function startLoader(
  world: World,
  process: Process,
  servers: Servers,
  scenario: Scenario,
  broken: Break = (parts) => parts,
): LoadTools {
  const skew = Math.floor((world.random() - 0.5) * 4_000)
  const parts: LoaderParts = {
    bridge,
    api: servers.write.clientFor(process),
    catalog: servers.write.catalogFor(process),
    ledgerStore: servers.ledger.clientFor(process),
    objects: objectStore(world, process, servers),
    clock: {
      now: () => epoch + world.now + skew,
      sleep: (millis) => world.sleep(process, millis),
      random: world.random,
    },
    retry: { firstDelay: 50, longestDelay: 2_000, deadline: 20_000 },
    lease: scenario.lease,
    streamShare: scenario.streamShare,
    maxInstances: scenario.instances,
    sizes: { heldBytes: scenario.heldBytes, pieceBytes: scenario.heldBytes },
    revision: process.name,
  }
  return loadTools(broken(parts, servers))
}

function objectStore(world: World, process: Process, { objects }: Servers): ObjectStore {
  async function* read({ name, generation }: LandedObject): AsyncGenerator<Buffer> {
    const object = objects.get(`${name}#${generation}`)
    if (!object) throw new Failure('object', 'parse', 'object_missing', name)
    const half = object.body.length >> 1
    for (const piece of [object.body.subarray(0, half), object.body.subarray(half)]) {
      yield await part(name, piece)
    }
    if (object.fate === 'damaged') throw new Failure('object', 'parse', 'corrupt_gzip', `${name} is damaged`)
  }
  async function part(name: string, piece: Buffer): Promise<Buffer> {
    try {
      return await world.call(process, `${process.name} read ${name}`, () => piece)
    } catch (error) {
      if (error instanceof Unreachable) throw new Failure('system', 'parse', 'read_failed', name, error)
      throw error
    }
  }
  return { read: (object) => Readable.from(read(object)) }
}
