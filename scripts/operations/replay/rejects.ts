import { messageOf } from '../../../functions/model/failure.ts'
import { sourceNamed } from '../../commands/input-files.ts'
import type { StageCount } from '../../terminal/progress.ts'
import type { Plan, Report } from '../operate.ts'
import type { Target } from '../target.ts'
import { loadRejects, type Replayed } from './load-rejects.ts'
import { objectsWithRejects, type WithRejects } from './open-rejects.ts'
import type { Chosen } from './quarantined.ts'

/** Objects read at once. */
const atOnce = 8

/**
 * Reads the lines again that were rejected, by the configuration and the parsers at hand, in this process: a line that is a row
 * now is loaded, once, and marked in `resolved_rejects` by the same commit. The others stay open.
 */
export async function planRejects(target: Target, chosen: Chosen): Promise<Plan> {
  if (chosen.source !== undefined) sourceNamed(target.bridge, chosen.source)
  const objects = await objectsWithRejects(target, chosen)
  const lines = objects.reduce((sum, { rejects }) => sum + rejects, 0)
  return {
    figures: { 'rejected lines': lines, 'objects to read again': objects.length },
    todo: lines,
    run: (show) => replayAll(target, chosen, objects, show),
  }
}

async function replayAll(
  target: Target,
  chosen: Chosen,
  objects: readonly WithRejects[],
  show: (stages: readonly StageCount[]) => void,
): Promise<Report> {
  const left: string[] = []
  const sums = { tried: 0, rows: 0, filtered: 0, rejected: 0 }
  const loader = await target.openLoader()
  const queue = [...objects]
  let done = 0
  const work = async () => {
    for (let object = queue.shift(); object; object = queue.shift()) {
      const { uri } = object
      try {
        const replayed = await loadRejects(target, loader.tools, chosen, object)
        for (const [name, count] of Object.entries(replayed)) sums[name as keyof Replayed] += count
        if (replayed.rejected > 0) left.push(`${uri}: ${replayed.rejected} lines are rejects still`)
      } catch (error) {
        left.push(`${uri}: ${messageOf(error)}`)
      }
      done += 1
      show([{ stage: 'objects read again', count: done, total: objects.length }])
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, work))
  } finally {
    await loader.close()
  }
  return {
    figures: {
      'lines read again': sums.tried,
      'rows now': sums.rows,
      'left out on purpose': sums.filtered,
      'rejects still': sums.rejected,
    },
    left,
  }
}
