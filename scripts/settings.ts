import type { Terminal } from './terminal/terminal.ts'

/** Everything the commands read from their environment. The locale decides whether block characters can be shown. */
export interface CommandSettings {
  readonly noColor: boolean
  readonly ascii: boolean
}

export function readCommandSettings(environment: NodeJS.ProcessEnv = process.env): CommandSettings {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || 'UTF-8'
  return { noColor: Boolean(environment['NO_COLOR']), ascii: !/utf-?8/i.test(locale) && locale !== 'C' }
}

/** How text goes to this stream. */
export function terminalOf(stream: NodeJS.WriteStream, settings: CommandSettings): Terminal {
  const { noColor, ascii } = settings
  return { isTty: stream.isTTY === true, noColor, ascii, columns: stream.columns ?? 100 }
}

/**
 * Forgets where an earlier bridge was. The Cloud Storage client prefers these variables to what it is told, so a
 * shell in which they are still exported would lead a new bridge to the ports of the last one.
 */
export function forgetEmulators(environment: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(environment)) {
    if (/_EMULATOR_HOST$|^AWS_ENDPOINT_URL|^CAUSEWAY_.*_ENDPOINT$/.test(name)) delete environment[name]
  }
}

/** Points the official clients this process makes from now on at a bridge. */
export function pointClientsAt(bridge: Readonly<Record<string, string>>): void {
  Object.assign(process.env, bridge)
}
