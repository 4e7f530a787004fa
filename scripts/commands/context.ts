import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '../../functions/config/define-bridge.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { messageOf } from '../../functions/model/failure.ts'
import { StateDirectory } from '../local/state-directory.ts'
import { readCommandSettings, terminalOf } from '../settings.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { CommandError } from './command-error.ts'

const projectRoot = join(import.meta.dirname, '../..')

/** What every command has. */
export interface CommandContext {
  readonly bridge: Bridge
  readonly configPath: string
  readonly state: StateDirectory
  /** How results go out. */
  readonly out: Terminal
  /** How progress and errors go out. */
  readonly err: Terminal
}

/** The options every command takes. */
export interface CommonOptions {
  readonly config?: string
  readonly state?: string
}

export async function openContext(options: CommonOptions): Promise<CommandContext> {
  const settings = readCommandSettings()
  const configPath = resolve(options.config ?? join(projectRoot, 'bridge.config.ts'))
  return {
    bridge: await readBridge(configPath),
    configPath,
    state: new StateDirectory(resolve(options.state ?? join(projectRoot, '.causeway'))),
    out: terminalOf(process.stdout, settings),
    err: terminalOf(process.stderr, settings),
  }
}

async function readBridge(path: string): Promise<Bridge> {
  try {
    const module: { default: Bridge } = await import(pathToFileURL(path).href)
    return module.default
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(`${path}\n${error.message}`, error)
    throw new CommandError(`cannot read the configuration ${path}: ${messageOf(error)}`, error)
  }
}
