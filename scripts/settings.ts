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

/** Services that are elsewhere than their vendors have them. */
export interface ServiceAddresses {
  readonly s3?: string
  readonly sts?: string
  readonly storage?: string
  /** `host:port`, plaintext. */
  readonly transfer?: string
  /** The same. */
  readonly bigqueryWrite?: string
  readonly serviceUsage?: string
}

/** The official clients read most addresses themselves: these are those that need help. */
export function readServiceAddresses(environment: NodeJS.ProcessEnv = process.env): ServiceAddresses {
  const names = {
    s3: 'AWS_ENDPOINT_URL_S3',
    sts: 'AWS_ENDPOINT_URL_STS',
    storage: 'STORAGE_EMULATOR_HOST',
    transfer: 'CAUSEWAY_STORAGE_TRANSFER_ENDPOINT',
    bigqueryWrite: 'CAUSEWAY_BIGQUERY_WRITE_ENDPOINT',
    serviceUsage: 'CAUSEWAY_SERVICE_USAGE_ENDPOINT',
  }
  const found = Object.entries(names).map(([service, name]) => [service, environment[name]])
  return Object.fromEntries(found.filter(([, address]) => address))
}

/** The key of the hashes that sources redact values to. Never to be shown. */
export function readHashKey(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return environment['CAUSEWAY_HASH_KEY'] || undefined
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
  // A profile would count before the bridge's own credentials, and may want its owner to sign in.
  if ('AWS_ACCESS_KEY_ID' in bridge) delete process.env['AWS_PROFILE']
  Object.assign(process.env, bridge)
}
