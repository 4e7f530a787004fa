import type { LandingBucket } from './landing-bucket.ts'
import type { LedgerServer } from './ledger-server.ts'
import type { Parts } from './ports.ts'
import type { Process } from './process.ts'
import type { Loader, Revision } from './revision.ts'
import type { Scenario } from './scenario.ts'
import { epoch } from './sources.ts'
import type { World } from './world.ts'
import type { WriteServer } from './write-server.ts'

/** The servers all instances share. */
export interface Servers {
  readonly ledger: LedgerServer
  readonly write: WriteServer
  readonly landing: LandingBucket
}

/** A process that takes messages. */
export interface Instance {
  readonly process: Process
  readonly revision: Revision
  readonly load: Loader
}

/** How a deliberately broken protocol differs: a port of the loader is replaced. */
export type Break = (parts: Parts, servers: Servers) => Parts

/** What instances are started with. */
export interface InstanceParts {
  readonly world: World
  readonly servers: Servers
  readonly scenario: Scenario
  readonly broken: Break | undefined
}

/** A fresh loader, the real one, as one process of the simulation runs it. Clocks of processes differ by seconds. */
export function startInstance(
  { world, servers, scenario, broken }: InstanceParts,
  process: Process,
  revision: Revision,
): Instance {
  const skew = Math.floor((world.random() - 0.5) * 4_000)
  const { errors } = revision
  const parts: Parts = {
    bridge: revision.bridge,
    api: servers.write.clientFor(process, revision),
    catalog: servers.write.catalogFor(process, errors),
    ledgerStore: servers.ledger.clientFor(process, errors),
    objects: servers.landing.clientFor(process, errors),
    clock: {
      now: () => epoch + world.now + skew,
      sleep: (millis) => world.sleep(process, millis),
      random: world.random,
    },
    retry: { firstDelayMs: 50, longestDelayMs: 2_000, deadlineMs: 20_000 },
    leaseMs: scenario.leaseMs,
    streamShare: scenario.streamShare,
    maxInstances: scenario.instances,
    sizes: { heldBytes: scenario.heldBytes, pieceBytes: scenario.heldBytes },
    revision: process.name,
  }
  return { process, revision, load: revision.start(broken?.(parts, servers) ?? parts) }
}
