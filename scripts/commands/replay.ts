import { type OperateOptions, operate } from '../operations/operate.ts'
import { planDeadLetters } from '../operations/replay/dead-letters.ts'
import { type Chosen, planReplay } from '../operations/replay/quarantined.ts'
import { planRejects } from '../operations/replay/rejects.ts'
import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'

interface ReplayOptions extends OperateOptions, Chosen {
  readonly rejects?: boolean
  readonly deadLetters?: boolean
}

/** Announces quarantined objects or dead letters again, or reads rejected lines again. */
export function replay(context: CommandContext, options: ReplayOptions): Promise<number> {
  const { rejects, deadLetters, source, prefix, reason, since } = options
  return operate(context, 'replay', options, async (target) => {
    if (!deadLetters) return rejects ? planRejects(target, options) : planReplay(target, options)
    if (rejects || (source ?? prefix ?? reason ?? since) !== undefined)
      throw new CommandError('--dead-letters takes all that are kept: no other option chooses among them')
    return planDeadLetters(target)
  })
}
