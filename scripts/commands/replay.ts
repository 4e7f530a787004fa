import { type OperateOptions, operate } from '../operations/operate.ts'
import { type Chosen, planReplay } from '../operations/replay/quarantined.ts'
import { planRejects } from '../operations/replay/rejects.ts'
import type { CommandContext } from './context.ts'

/** Announces quarantined objects again, or reads rejected lines again. */
export function replay(
  context: CommandContext,
  options: OperateOptions & Chosen & { readonly rejects?: boolean },
): Promise<number> {
  return operate(context, 'replay', options, (target) =>
    options.rejects ? planRejects(target, options) : planReplay(target, options),
  )
}
