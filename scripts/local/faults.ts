import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { deriveSeed, type Random, seededRandom } from '../random.ts'
import { type ServiceName, serviceNames } from './service.ts'

/**
 * What can be made to go wrong, on purpose and repeatably.
 *
 * - `fail`: the call has no effect and is answered with the service's own "unavailable".
 * - `drop-reply`: the call takes effect and its caller is told it failed, as after a lost connection.
 * - `delay`: the call is answered up to `delayMs` later.
 * - `duplicate`: what the service delivers (a message, a copy) is delivered twice.
 * - `reorder`: what the service delivers is delivered later than what came after it.
 */
const faultKinds = ['fail', 'drop-reply', 'delay', 'duplicate', 'reorder'] as const

const faultRule = z.strictObject({
  service: z.enum(serviceNames),
  kind: z.enum(faultKinds),
  /** Share of calls that are hit, 0 to 1. */
  probability: z.number().min(0).max(1),
  /** Only calls of these kinds, named as in the call counts. All when absent. */
  calls: z.array(z.string()).optional(),
  /** Longest delay in milliseconds, for `delay` and `reorder`. */
  delayMs: z.number().int().positive().default(200),
  /** At most so many hits in the life of the process. */
  atMost: z.number().int().positive().optional(),
})

/** A fault plan: one seed, and rules that each hit some calls of one service. */
export const faultPlanSchema = z.strictObject({
  seed: z.number().int().nonnegative(),
  rules: z.array(faultRule),
})
export type FaultPlan = z.infer<typeof faultPlanSchema>
export type FaultPlanInput = z.input<typeof faultPlanSchema>

/** What happens to one call. Nothing does when every field is zero or false. */
export interface Fault {
  readonly delayMs: number
  readonly fail: boolean
  readonly dropReply: boolean
  readonly duplicate: boolean
  /** Milliseconds by which a delivery is held back behind later ones. */
  readonly reorderMs: number
}

interface ArmedRule {
  readonly rule: FaultPlan['rules'][number]
  readonly random: Random
  left: number
}

/** The faults of one service. Draws from its own sequence, so that a service's faults depend on its own calls only. */
export class Faults {
  readonly #armed: ArmedRule[]

  constructor(service: ServiceName, plan?: FaultPlanInput) {
    const { seed, rules } = faultPlanSchema.parse(plan ?? { seed: 0, rules: [] })
    this.#armed = rules.flatMap((rule, index) =>
      rule.service === service
        ? [
            {
              rule,
              random: seededRandom(deriveSeed(seed, `${service}/${index}`)),
              left: rule.atMost ?? Infinity,
            },
          ]
        : [],
    )
  }

  /** Decides what happens to the next call of this kind. */
  draw(call: string): Fault {
    const fault = { delayMs: 0, fail: false, dropReply: false, duplicate: false, reorderMs: 0 }
    for (const armed of this.#armed) {
      const { rule, random } = armed
      if (rule.calls && !rule.calls.includes(call)) continue
      if (random() >= rule.probability || armed.left <= 0) continue
      armed.left -= 1
      if (rule.kind === 'fail') fault.fail = true
      if (rule.kind === 'drop-reply') fault.dropReply = true
      if (rule.kind === 'duplicate') fault.duplicate = true
      if (rule.kind === 'delay') fault.delayMs = Math.ceil(random() * rule.delayMs)
      if (rule.kind === 'reorder') fault.reorderMs = Math.ceil(random() * rule.delayMs)
    }
    return fault
  }

  /** Draws for a call and waits out its delay. The caller acts on the rest. */
  async meet(call: string): Promise<Fault> {
    const fault = this.draw(call)
    if (fault.delayMs > 0) await wait(fault.delayMs)
    return fault
  }
}
