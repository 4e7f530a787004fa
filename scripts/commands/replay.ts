import { type OperateOptions, operate } from '../operations/operate.ts'
import { type Chosen, planReplay } from '../operations/replay.ts'
import type { CommandContext } from './context.ts'

/** Announces quarantined objects again. */
export function replay(context: CommandContext, options: OperateOptions & Chosen): Promise<number> {
  return operate(context, 'replay', options, (target) => planReplay(target, options))
}
