import type { Random } from '../random.ts'
import { EventQueue } from './event-queue.ts'
import type { Process } from './process.ts'
import { calm, isWithin, type Outage, type Service, type Weather } from './weather.ts'

/** A call that failed, before or after its effect: the caller cannot tell. */
export class Unreachable extends Error {}

/** A call of a process to a server. */
export interface Call<T> {
  readonly process: Process
  readonly service: Service
  /** For the trace: what is called. */
  readonly what: string
  /** The object it is about, where one can be out of reach while the others are not. */
  readonly name?: string
  /** Takes effect, at one instant. */
  readonly serve: () => T
}

/**
 * Virtual time. Everything that takes time is an event; the earliest runs, then all code it woke runs until it waits
 * again, then the next. One seed gives one run, whatever the machine does.
 */
export class World {
  readonly random: Random
  /** What happened, a line each; kept only when asked for. */
  readonly trace: string[] | undefined
  weather: Weather
  outages: readonly Outage[] = []
  now = 0
  /** How often a process stood still, and a call took effect after it was reported failed. */
  freezes = 0
  lateEffects = 0
  readonly #events = new EventQueue()
  readonly #unreachableUntil = new Map<string, number>()

  constructor(random: Random, weather: Weather, traced = false) {
    this.trace = traced ? [] : undefined
    this.random = random
    this.weather = weather
  }

  /** Ends the faults: while it is calm everything works, and the run must come to rest. */
  calm(): void {
    this.weather = calm
    this.#unreachableUntil.clear()
  }

  note(text: string): void {
    this.trace?.push(`${String(this.now).padStart(9)} ${text}`)
  }

  after(millis: number, run: () => void): void {
    this.#events.add(this.now + Math.max(0, Math.ceil(millis)), run)
  }

  /** Waits for virtual time to pass, as this process. */
  sleep(process: Process, millis: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(millis, () => this.wake(process, resolve))
    })
  }

  /** Has a process's code go on: at once, when it is frozen no more, or never. */
  wake(process: Process, run: () => void): void {
    if (!process.alive) return
    if (process.frozenUntil > this.now)
      this.after(process.frozenUntil - this.now, () => this.wake(process, run))
    else run()
  }

  /** A time on the network. */
  latency(): number {
    return this.random() < this.weather.slow
      ? this.random() * this.weather.slowMillis
      : 1 + this.random() * 20
  }

  /** Whether a service answers nobody now. */
  isDown(service: Service): boolean {
    return this.outages.some((outage) => outage.service === service && isWithin(outage, this.now))
  }

  /**
   * The request travels, takes effect at once, the reply travels. Either may fail. A request that was sent takes effect
   * even if its sender has died meanwhile; some take effect long after they were reported failed.
   */
  call<T>(call: Call<T>): Promise<T> {
    const { process, what } = call
    return new Promise((resolve, reject) => {
      this.maybeFail(process, `sending ${what}`)
      if (!process.alive) return
      this.after(this.latency(), () => {
        const answer = this.#arrive(call, resolve, reject)
        this.after(this.latency(), () =>
          this.wake(process, () => {
            this.maybeFail(process, `reading the answer of ${what}`)
            this.wake(process, answer)
          }),
        )
      })
    })
  }

  /** A point at which a process may die or stand still: between any two things it does. */
  maybeFail(process: Process, when: string): void {
    const { crash, freeze, freezeMillis } = this.weather
    if (!process.alive || crash + freeze === 0) return
    const drawn = this.random()
    if (drawn < crash) {
      this.note(`${process.name} dies ${when}`)
      process.die()
    } else if (drawn < crash + freeze) {
      process.frozenUntil = this.now + Math.ceil(this.random() * freezeMillis)
      this.freezes += 1
      this.note(`${process.name} stands still ${when} until ${process.frozenUntil}`)
    }
  }

  /** Has what was reported failed take effect all the same, later. */
  late(what: string, serve: () => unknown): void {
    this.lateEffects += 1
    this.after(this.random() * this.weather.lateMillis, () => {
      const outcome = attempt(serve)
      if (this.trace) this.note(`${what}, reported failed, takes effect: ${outcome.text()}`)
    })
  }

  /** Runs until nothing is left to happen, or the limit of events is reached: then false. */
  async run(limit: number): Promise<boolean> {
    for (let count = 0; count < limit; count++) {
      const event = this.#events.next()
      if (!event) return true
      this.now = event.at
      event.run()
      // All code the event woke runs before this turn of the loop ends: it waits for events only.
      await new Promise(setImmediate)
    }
    return false
  }

  /** What comes of a request at the server. Gives what its sender is to learn. */
  #arrive<T>(call: Call<T>, resolve: (value: T) => void, reject: (error: unknown) => void): () => void {
    const { what, serve } = call
    const fails = () => reject(new Unreachable(what))
    if (this.isDown(call.service) || this.#isLost(call.name) || this.random() < this.weather.failBefore) {
      this.note(`${what}: fails`)
      return fails
    }
    if (this.weather.late > 0 && this.random() < this.weather.late) {
      this.late(what, serve)
      return fails
    }
    const outcome = attempt(serve)
    if (this.trace) this.note(`${what}: ${outcome.text()}`)
    if (outcome.kind === 'error') return () => reject(outcome.error)
    if (this.random() < this.weather.failAfter) {
      this.note(`${what}: the reply is lost`)
      return fails
    }
    return () => resolve(outcome.value)
  }

  /** Whether an object is out of reach now; it may become so. */
  #isLost(name: string | undefined): boolean {
    if (name === undefined || this.weather.nameLost === 0) return false
    if ((this.#unreachableUntil.get(name) ?? 0) > this.now) return true
    if (this.random() >= this.weather.nameLost) return false
    this.#unreachableUntil.set(name, this.now + this.random() * this.weather.nameMillis)
    return true
  }
}

type Outcome<T> = { readonly text: () => string } & (
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'error'; readonly error: unknown }
)

function attempt<T>(serve: () => T): Outcome<T> {
  try {
    const value = serve()
    return { kind: 'value', value, text: () => summary(value) }
  } catch (error) {
    return { kind: 'error', error, text: () => (error instanceof Error ? error.message : String(error)) }
  }
}

function summary(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text === undefined ? 'done' : text.slice(0, 80)
}
