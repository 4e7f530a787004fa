import type { Random } from '../random.ts'

/** A process of the simulation. What happens to one that has died never reaches its code. */
export interface Process {
  readonly name: string
  alive: boolean
  /** Told when it dies. */
  onDeath: () => void
}

interface Event {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Chances and delays, drawn anew for each seed. */
export interface Weather {
  /** Of a call: it fails before it takes effect, or its reply is lost after. */
  readonly failBefore: number
  readonly failAfter: number
  /** Of an event of a process: the process dies instead. */
  readonly crash: number
  /** Of a message on the network: it takes `slowMillis` instead of a few milliseconds. */
  readonly slow: number
  readonly slowMillis: number
}

/** A call that failed, before or after its effect: the caller cannot tell. */
export class Unreachable extends Error {}

/**
 * Virtual time. Everything that takes time is an event; the earliest runs, then all code it woke runs until it waits
 * again, then the next. One seed gives one run, whatever the machine does.
 */
export class World {
  readonly random: Random
  /** What happened, a line each; kept only when asked for. */
  readonly trace: string[] | undefined
  weather: Weather
  now = 0
  #events: Event[] = []
  #order = 0

  constructor(random: Random, weather: Weather, traced: boolean) {
    this.trace = traced ? [] : undefined
    this.random = random
    this.weather = weather
  }

  /** Ends the faults: from here on everything works, and the run must come to rest. */
  calm(): void {
    this.weather = { failBefore: 0, failAfter: 0, crash: 0, slow: 0, slowMillis: 0 }
  }

  note(text: string): void {
    this.trace?.push(`${String(this.now).padStart(9)} ${text}`)
  }

  after(millis: number, run: () => void): void {
    const event = { at: this.now + Math.max(0, Math.ceil(millis)), order: this.#order++, run }
    this.#push(event)
  }

  /** Waits for virtual time to pass, as this process. */
  sleep(process: Process, millis: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(millis, () => {
        if (process.alive) resolve()
      })
    })
  }

  /** A time on the network. */
  latency(): number {
    return this.random() < this.weather.slow
      ? this.random() * this.weather.slowMillis
      : 1 + this.random() * 20
  }

  /**
   * A call of a process to a server: the request travels, `serve` takes effect at once, the reply travels. Either may
   * fail. A request that was sent takes effect even if its sender has died meanwhile.
   */
  call<T>(process: Process, what: string, serve: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.maybeDie(process, `sending ${what}`)
      if (!process.alive) return
      this.after(this.latency(), () => {
        const failed = this.random() < this.weather.failBefore
        const answer = failed
          ? () => reject(new Unreachable(what))
          : this.#serve(what, serve, resolve, reject)
        if (failed) this.note(`${process.name} ${what}: fails`)
        this.after(this.latency(), () => {
          this.maybeDie(process, `reading the answer of ${what}`)
          if (process.alive) answer()
        })
      })
    })
  }

  #serve<T>(
    what: string,
    serve: () => T,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ): () => void {
    try {
      const value = serve()
      if (this.trace) this.note(`${what}: ${summary(value)}`)
      if (this.random() < this.weather.failAfter) {
        this.note(`${what}: the reply is lost`)
        return () => reject(new Unreachable(what))
      }
      return () => resolve(value)
    } catch (error) {
      this.note(`${what}: ${error instanceof Error ? error.message : String(error)}`)
      return () => reject(error)
    }
  }

  /** A point at which a process may die: between any two things it does. */
  maybeDie(process: Process, when: string): void {
    if (!process.alive || this.random() >= this.weather.crash) return
    process.alive = false
    process.onDeath()
    this.note(`${process.name} dies ${when}`)
  }

  /** Runs until nothing is left to happen, or the limit of events is reached: then false. */
  async run(limit: number): Promise<boolean> {
    for (let count = 0; count < limit; count++) {
      const event = this.#pop()
      if (!event) return true
      this.now = event.at
      event.run()
      // All code the event woke runs before this turn of the loop ends: it waits for events only.
      await new Promise(setImmediate)
    }
    return false
  }

  /** A binary heap: the earliest event first, in the order they were made where times are the same. */
  #push(event: Event): void {
    const heap = this.#events
    let at = heap.push(event) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (before(heap[parent] as Event, event)) break
      heap[at] = heap[parent] as Event
      at = parent
    }
    heap[at] = event
  }

  #pop(): Event | undefined {
    const heap = this.#events
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child++
      if (before(last, heap[child] as Event)) break
      heap[at] = heap[child] as Event
      at = child
    }
    heap[at] = last
    return first
  }
}

function before(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}

function summary(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text === undefined ? 'done' : text.slice(0, 80)
}
