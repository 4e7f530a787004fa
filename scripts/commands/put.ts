import { CommandError } from './command-error.ts'
import type { CommandContext } from './context.ts'
import { givenFiles } from './given-files.ts'
import { sourceNamed } from './input-files.ts'
import { resultsTable, send, sumLine, troubles, uploadsOf } from './send.ts'

/** Uploads files to a source of the bridge that runs here, and shows what became of them. */
export async function put(context: CommandContext, name: string, paths: readonly string[]): Promise<number> {
  const source = sourceNamed(context.bridge, name)
  const files = givenFiles(paths)
  const running = context.state.running()
  if (!running)
    throw new CommandError('no local bridge is running: start one with "npm run causeway -- local"')
  const uploads = uploadsOf(files.map((file) => ({ ...file, source })))
  const { results } = await send(context, running.environment, uploads)
  process.stdout.write(`${resultsTable(context, results)}\n\n${sumLine(results)}\n`)
  const faults = troubles(results)
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  return faults.length > 0 ? 1 : 0
}
