import { type Loaded, type LoadTools, load } from '../../functions/load.ts'
import { answers, type Outcome } from '../../functions/model/outcome.ts'
import { bridge, bucket, epoch } from './instance.ts'
import type { Copy } from './scenario.ts'
import type { Process, World } from './world.ts'

/** A process that takes messages. */
export interface Instance {
  readonly process: Process
  readonly tools: LoadTools
}

/** One message: delivered until it is acknowledged. */
export interface Message {
  readonly id: string
  readonly copy: Copy
  attempts: number
  acknowledged: Outcome | undefined
  /** What load came to, when it threw instead of giving an outcome. */
  broke: unknown
}

/** Attempts after which the message goes to the dead-letter topic, whose subscription goes on delivering it. */
const maxAttempts = 5

/**
 * Pub/Sub with a push subscription, in memory: at least once, in any order, to any instance; again after a refusal, a
 * lost answer, a death or a deadline, also while an earlier delivery is still at work.
 */
export class Delivery {
  readonly #world: World
  readonly #ackDeadline: number
  readonly #instances: () => readonly Instance[]
  readonly #onAcknowledge: (message: Message, outcome: Outcome) => void

  constructor(
    world: World,
    ackDeadline: number,
    instances: () => readonly Instance[],
    onAcknowledge: (message: Message, outcome: Outcome) => void,
  ) {
    this.#world = world
    this.#ackDeadline = ackDeadline
    this.#instances = instances
    this.#onAcknowledge = onAcknowledge
  }

  deliver(message: Message): void {
    if (message.acknowledged || message.broke) return
    const alive = this.#instances().filter(({ process }) => process.alive)
    const instance = alive[Math.floor(this.#world.random() * alive.length)]
    if (!instance) {
      this.#world.after(1_000, () => this.deliver(message))
      return
    }
    message.attempts += 1
    let open = true
    const again = () => {
      if (!open) return
      open = false
      const backoff = Math.min(10_000, 200 * 2 ** message.attempts)
      this.#world.after(backoff * (0.5 + this.#world.random()), () => this.deliver(message))
    }
    const { process, tools } = instance
    this.#world.note(`${message.id} attempt ${message.attempts} to ${process.name}`)
    // A dead process's connections break, which its callers see before long.
    const onDeath = process.onDeath
    process.onDeath = () => {
      onDeath()
      this.#world.after(this.#world.latency(), again)
    }
    this.#world.after(this.#ackDeadline, again)
    load(eventOf(message), tools).then(
      (loaded) => this.#answer(message, process, loaded, again, () => open),
      (error: unknown) => {
        message.broke = error
      },
    )
  }

  #answer(
    message: Message,
    process: Process,
    { outcome }: Loaded,
    again: () => void,
    isOpen: () => boolean,
  ): void {
    if (!process.alive) return
    if (this.#world.trace)
      this.#world.note(
        `${process.name} ${message.id} ${outcome.kind} ${'detail' in outcome ? outcome.detail : ''}`,
      )
    if (answers[outcome.kind] === 'deliver again') {
      again()
      return
    }
    this.#onAcknowledge(message, outcome)
    this.#world.after(this.#world.latency(), () => {
      // An acknowledgement that is late or lost counts for nothing.
      if (!isOpen() || this.#world.random() < this.#world.weather.failAfter) again()
      else message.acknowledged ??= outcome
    })
  }
}

function eventOf({ id, copy, attempts }: Message): unknown {
  const { object, generation, landsAt } = copy
  const name = `s3/${bucket}/${object.key}`
  const resource = {
    bucket: bridge.google.landingBucket,
    name,
    generation: String(generation),
    size: String(object.body.length),
    timeCreated: new Date(epoch + landsAt).toISOString(),
    metadata: { 'x-goog-source-etag': object.etag },
  }
  const attributes = {
    eventType: 'OBJECT_FINALIZE',
    payloadFormat: 'JSON_API_V1',
    bucketId: resource.bucket,
    objectId: name,
    objectGeneration: resource.generation,
    ...(attempts > maxAttempts && { CloudPubSubDeadLetterSourceSubscription: 'load' }),
  }
  const data = Buffer.from(JSON.stringify(resource)).toString('base64')
  return { id, data: { message: { data, attributes, messageId: id, publishTime: resource.timeCreated } } }
}
