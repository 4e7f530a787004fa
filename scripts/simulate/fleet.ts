import { type Instance, type InstanceParts, startInstance } from './instance.ts'
import { Process } from './process.ts'
import type { Revision } from './revision.ts'

/** The revisions of a run. With one before, both are at work until the shift; then deliveries go to the new one. */
export interface Revisions {
  readonly now: Revision
  readonly before: Revision | undefined
}

/** The instances of a run: one that dies is replaced before long. */
export class Fleet {
  readonly #parts: InstanceParts
  readonly #revisions: Revisions
  readonly #instances: Instance[] = []
  #shifted: boolean
  crashes = 0

  constructor(parts: InstanceParts, revisions: Revisions) {
    this.#parts = parts
    this.#revisions = revisions
    this.#shifted = revisions.before === undefined
    const { scenario, world } = parts
    // Beside another revision, both are there.
    const slots = this.#shifted ? scenario.instances : scenario.instances + 1
    for (let slot = 0; slot < slots; slot++) this.#start(slot, 1)
    if (!this.#shifted) world.after(scenario.shiftAt, () => this.#shift())
  }

  /**
   * An instance for a delivery, if one is alive. Dead letters go to the new revision only: a message is one after
   * hours, by when a roll-out, of minutes, is over.
   */
  pick(deadLettered: boolean): Instance | undefined {
    const { now } = this.#revisions
    const takes = this.#instances.filter(
      ({ process, revision }) => process.alive && (!deadLettered || revision === now),
    )
    return takes[Math.floor(this.#parts.world.random() * takes.length)]
  }

  /** Instances of the old revision get no more deliveries; what they are at they go on with. */
  #shift(): void {
    this.#shifted = true
    this.#parts.world.note('all deliveries go to the new revision from here on')
    for (const [slot, { process, revision }] of this.#instances.entries()) {
      if (revision !== this.#revisions.now && process.alive) this.#start(slot, 100)
    }
  }

  #start(slot: number, life: number): void {
    const { world } = this.#parts
    const revision = this.#revisionOf(slot)
    const suffix = revision === this.#revisions.now ? '' : ` of ${revision.name}`
    const process = new Process(`instance-${slot}.${life}${suffix}`)
    const instance = startInstance(this.#parts, process, revision)
    this.#instances[slot] = instance
    process.whenDead(() => {
      this.crashes += 1
      world.after(500 + world.random() * 10_000, () => {
        // Since the shift another may have its place.
        if (this.#instances[slot] === instance) this.#start(slot, life + 1)
      })
    })
  }

  #revisionOf(slot: number): Revision {
    const { now, before } = this.#revisions
    if (this.#shifted || !before || slot === 0) return now
    return slot === 1 || this.#parts.world.random() < 0.5 ? before : now
  }
}
