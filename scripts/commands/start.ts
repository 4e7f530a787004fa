import { sampleObjects } from '../samples/sample-objects.ts'
import { contextWithSource } from './added-source.ts'
import type { CommandContext } from './context.ts'
import { givenFiles } from './given-files.ts'
import { type FileOptions, sourceNamed, sourcesOf, sourceTaking } from './input-files.ts'
import { callTable, startHere } from './local.ts'
import { heading, report } from './report.ts'
import { send, troubles, uploadsOf } from './send.ts'
import type { Upload } from './uploads.ts'

export type StartOptions = FileOptions

/** Runs the whole bridge, sends it logs, shows what came out, and stops it. */
export async function start(
  given: CommandContext,
  paths: readonly string[],
  options: StartOptions,
): Promise<number> {
  const context = takingFormat(given, options)
  const uploads =
    paths.length > 0
      ? uploadsOf(await sourcesOf(context.bridge, givenFiles(paths), options))
      : samples(context)
  const bridge = await startHere(context)
  const interrupted = () => {
    bridge.stop().then(
      () => process.exit(130),
      () => process.exit(1),
    )
  }
  process.once('SIGINT', interrupted)
  try {
    const landed = () => bridge.calls()['storage-transfer']?.['COPY'] ?? 0
    const sent = await send(context, bridge.environment, uploads, landed)
    process.stdout.write(await report(context, sent))
    process.stdout.write(heading(context, 'Calls') + callTable(context, bridge))
    process.stdout.write(
      `\n\nThe data is in ${bridge.bigquery.file}: ask it with npm run causeway -- query "SELECT ...", or open it with DuckDB.\n`,
    )
    return troubles(sent.results).length > 0 ? 1 : 0
  } finally {
    process.off('SIGINT', interrupted)
    await bridge.stop()
  }
}

/** The configuration, and a source for the format the user says where none has it. */
function takingFormat(context: CommandContext, options: FileOptions): CommandContext {
  const { format, source } = options
  if (!format || source !== undefined || sourceTaking(context.bridge, format, options)) return context
  return contextWithSource(context, format)
}

/** Sample logs; within an hour the same ones, so that a second run shows that nothing is loaded twice. */
function samples({ bridge }: CommandContext): Upload[] {
  const hour = 3_600_000
  const now = Math.floor(Date.now() / hour) * hour
  return sampleObjects({ now }).map(({ source, key, body }) => ({
    source: sourceNamed(bridge, source),
    key,
    read: async () => body,
  }))
}
