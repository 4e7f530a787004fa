import type { Loaded } from '../../functions/load.ts'
import { answers, type Outcome } from '../../functions/model/outcome.ts'
import type { Fleet } from './fleet.ts'
import type { Instance } from './instance.ts'
import { landingNameOf } from './landing-bucket.ts'
import type { Process } from './process.ts'
import type { Copy } from './scenario.ts'
import { bridgeInput, epoch } from './sources.ts'
import type { World } from './world.ts'

/** One message: delivered until it is acknowledged. */
export interface Message {
  readonly id: string
  readonly copy: Copy
  attempts: number
  acknowledged: Outcome | undefined
  /** What load came to, when it threw instead of giving an outcome. */
  broke: unknown
}

/** One delivery of a message. */
export interface Attempt {
  readonly message: Message
  /** From 1. */
  readonly number: number
  readonly startedAt: number
}

/** Attempts after which the message goes to the dead-letter topic, whose subscription goes on delivering it. */
const maxAttempts = 5

/** Whether an attempt is a delivery from the dead-letter topic. */
export function isDeadLettered({ number }: Pick<Attempt, 'number'>): boolean {
  return number > maxAttempts
}

/**
 * Pub/Sub with a push subscription, in memory: at least once, in any order, to any instance; again after a refusal, a
 * lost answer, a death or a deadline, also while an earlier delivery is still at work.
 */
export class Delivery {
  readonly #world: World
  readonly #ackDeadlineMs: number
  readonly #fleet: Fleet
  readonly #onAcknowledge: (attempt: Attempt, outcome: Outcome) => void

  constructor(
    world: World,
    ackDeadlineMs: number,
    fleet: Fleet,
    onAcknowledge: (attempt: Attempt, outcome: Outcome) => void,
  ) {
    this.#world = world
    this.#ackDeadlineMs = ackDeadlineMs
    this.#fleet = fleet
    this.#onAcknowledge = onAcknowledge
  }

  deliver(message: Message): void {
    if (message.acknowledged || message.broke) return
    const number = message.attempts + 1
    const instance = this.#fleet.pick(isDeadLettered({ number }))
    if (!instance) {
      this.#world.after(1_000, () => this.deliver(message))
      return
    }
    message.attempts = number
    this.#push(instance, { message, number, startedAt: this.#world.now })
  }

  #push({ process, load }: Instance, attempt: Attempt): void {
    const { message, number } = attempt
    let open = true
    const again = () => {
      if (!open) return
      open = false
      const backoff = Math.min(60_000, 200 * 2 ** number)
      this.#world.after(backoff * (0.5 + this.#world.random()), () => this.deliver(message))
    }
    this.#world.note(`${message.id} attempt ${number} to ${process.name}`)
    // A dead process's connections break, which its callers see before long.
    const forget = process.whenDead(() => this.#world.after(this.#world.latency(), again))
    this.#world.after(this.#ackDeadlineMs, again)
    this.#world.wake(process, () => {
      load(eventOf(attempt)).then(
        (loaded) => {
          forget()
          this.#answer(attempt, process, loaded, again, () => open)
        },
        (error: unknown) => {
          message.broke = error
        },
      )
    })
  }

  #answer(
    attempt: Attempt,
    process: Process,
    { outcome }: Loaded,
    again: () => void,
    isOpen: () => boolean,
  ): void {
    if (!process.alive) return
    const { message } = attempt
    if (this.#world.trace)
      this.#world.note(
        `${process.name} ${message.id} ${outcome.kind} ${'detail' in outcome ? outcome.detail : ''}`,
      )
    if (answers[outcome.kind] === 'deliver again') {
      again()
      return
    }
    this.#onAcknowledge(attempt, outcome)
    this.#world.after(this.#world.latency(), () => {
      // An acknowledgement that is late or lost counts for nothing.
      if (!isOpen() || this.#world.random() < this.#world.weather.failAfter) again()
      else message.acknowledged ??= outcome
    })
  }
}

/** The messages of a copy, and when each is published. */
export function messagesOf(copy: Copy): { readonly message: Message; readonly at: number }[] {
  const { object, generation, landsAt, announcedAfter } = copy
  return announcedAfter.map((after) => {
    const id = `message ${object.source}/${object.key}/${object.etag}#${generation}+${Math.round(after)}`
    const message = { id, copy, attempts: 0, acknowledged: undefined, broke: undefined }
    return { message, at: landsAt + after }
  })
}

function eventOf(attempt: Attempt): unknown {
  const { id, copy } = attempt.message
  const { object, generation, landsAt } = copy
  const resource = {
    bucket: bridgeInput.google.landingBucket,
    name: landingNameOf(copy),
    generation: String(generation),
    size: String(object.body.length),
    timeCreated: new Date(epoch + landsAt).toISOString(),
    metadata: { 'x-goog-source-etag': object.etag },
  }
  const attributes = {
    eventType: 'OBJECT_FINALIZE',
    payloadFormat: 'JSON_API_V1',
    bucketId: resource.bucket,
    objectId: resource.name,
    objectGeneration: resource.generation,
    ...(isDeadLettered(attempt) && { CloudPubSubDeadLetterSourceSubscription: 'load' }),
  }
  const data = Buffer.from(JSON.stringify(resource)).toString('base64')
  return { id, data: { message: { data, attributes, messageId: id, publishTime: resource.timeCreated } } }
}
