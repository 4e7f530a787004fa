import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

const entry = z.object({ severity: z.enum(['WARNING', 'ERROR']), message: z.string() })

/** The last thing the load function complained of in its log. */
export function lastTrouble(logFile: string): string {
  const lines = existsSync(logFile) ? readFileSync(logFile, 'utf8').split('\n') : []
  const found = lines.findLast((line) => line.startsWith('{') && entry.safeParse(parse(line)).success)
  return found === undefined
    ? 'The load function reports no trouble.'
    : `It says: ${entry.parse(parse(found)).message}`
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // Cut short by a kill.
    return undefined
  }
}
