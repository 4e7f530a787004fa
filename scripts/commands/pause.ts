import { type OperateOptions, operate } from '../operations/operate.ts'
import { planStatus } from '../operations/pause.ts'
import type { CommandContext } from './context.ts'
import { sourceNamed } from './input-files.ts'

/** Stops the transfer of a source. */
export function pause(context: CommandContext, name: string, options: OperateOptions): Promise<number> {
  return operate(context, `pause ${name}`, options, (target) =>
    planStatus(target, sourceNamed(target.bridge, name), 'DISABLED'),
  )
}

/** Starts it again. */
export function resume(context: CommandContext, name: string, options: OperateOptions): Promise<number> {
  return operate(context, `resume ${name}`, options, (target) =>
    planStatus(target, sourceNamed(target.bridge, name), 'ENABLED'),
  )
}
