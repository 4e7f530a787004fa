import { setTimeout as wait } from 'node:timers/promises'

/** Time and chance, by parameter: tests and the simulation bring their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  sleep(millis: number): Promise<void>
  /** A number in [0, 1). */
  random(): number
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (millis) => wait(millis),
  random: Math.random,
}
