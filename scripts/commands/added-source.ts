import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Bridge, type DeployedSource, sourceSchema } from '../../functions/config/schema.ts'
import type { FormatName } from '../../functions/parse/formats.ts'
import type { CommandContext } from './context.ts'

/** A source for files of a format that no source of the configuration has. */
export function madeUpSource({ name, sources }: Bridge, format: FormatName): DeployedSource {
  const plain = format.replaceAll('-', '')
  const taken = sources.some((source) => source.name === plain)
  return {
    ...sourceSchema.parse({ bucket: `${name}-files-${format}`, format }),
    name: taken ? `${plain}files` : plain,
  }
}

/** The configuration with that source beside its own. */
export function withSource(bridge: Bridge, format: FormatName): Bridge {
  return { ...bridge, sources: [...bridge.sources, madeUpSource(bridge, format)] }
}

/**
 * The same for a bridge that is started here: the load function, a process of its own, reads its configuration from a
 * file, which is written into the state directory.
 */
export function contextWithSource(context: CommandContext, format: FormatName): CommandContext {
  const configPath = join(context.state.of('config'), `${format}.config.ts`)
  const file = (path: string) => JSON.stringify(pathToFileURL(path).href)
  writeFileSync(
    configPath,
    [
      `import { withSource } from ${file(import.meta.filename)}`,
      `import bridge from ${file(context.configPath)}`,
      `export default withSource(bridge, ${JSON.stringify(format)})`,
      '',
    ].join('\n'),
  )
  return { ...context, configPath, bridge: withSource(context.bridge, format) }
}
