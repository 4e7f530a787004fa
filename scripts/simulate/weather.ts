import type { Random } from '../random.ts'

/** Chances and delays while a storm lasts, drawn anew for each seed. */
export interface Weather {
  /** Of a call: it fails before it takes effect, or its reply is lost after. */
  readonly failBefore: number
  readonly failAfter: number
  /** Of a call: it is reported failed, and takes effect up to `lateMillis` later. */
  readonly late: number
  readonly lateMillis: number
  /** Of an event of a process: the process dies instead, or stands still for up to `freezeMillis`. */
  readonly crash: number
  readonly freeze: number
  readonly freezeMillis: number
  /** Of a message on the network: it takes up to `slowMillis` instead of a few milliseconds. */
  readonly slow: number
  readonly slowMillis: number
  /** Of a call to an object of the ledger: it cannot be reached, by anyone, for up to `nameMillis`. */
  readonly nameLost: number
  readonly nameMillis: number
}

/** Nothing goes wrong any more. */
export const calm: Weather = {
  failBefore: 0,
  failAfter: 0,
  late: 0,
  lateMillis: 0,
  crash: 0,
  freeze: 0,
  freezeMillis: 0,
  slow: 0,
  slowMillis: 0,
  nameLost: 0,
  nameMillis: 0,
}

/** The services processes call. */
export type Service = 'ledger' | 'write' | 'objects'

/** From when to when, in virtual milliseconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

export function isWithin({ from, to }: Span, now: number): boolean {
  return from <= now && now < to
}

/** A service that answers nobody for a while. */
export interface Outage extends Span {
  readonly service: Service
}

export function drawWeather(random: Random): Weather {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  return {
    failBefore: pick([0, 0.03, 0.15]),
    failAfter: pick([0, 0.03, 0.15]),
    late: pick([0, 0, 0.02, 0.08]),
    lateMillis: pick([5_000, 60_000, 240_000]),
    crash: pick([0, 0.003, 0.01, 0.03]),
    freeze: pick([0, 0, 0.002, 0.01]),
    freezeMillis: pick([10_000, 60_000, 240_000]),
    slow: pick([0, 0.02, 0.1]),
    slowMillis: pick([2_000, 30_000, 120_000]),
    nameLost: pick([0, 0, 0, 0.01]),
    nameMillis: pick([20_000, 120_000]),
  }
}

/** Services that are down during a storm: in most seeds none. */
export function drawOutages(random: Random, storm: Span): Outage[] {
  return (['ledger', 'write', 'objects'] as const).flatMap((service) => {
    if (random() >= 0.12) return []
    const { from, to } = drawSpan(random, storm, 240_000)
    return [{ service, from, to }]
  })
}

/** A while within a storm: at most so long, and over before the storm is. */
export function drawSpan(random: Random, storm: Span, longest: number): Span {
  const length = random() * longest
  const from = storm.from + random() * (storm.to - storm.from - length)
  return { from, to: from + length }
}
