import { join, resolve } from 'node:path'

const projectRoot = join(import.meta.dirname, '..')

/** What synthesis gets from outside: everything else is in the configuration. */
export interface SynthSettings {
  /** The configuration module, an absolute path. */
  readonly configPath: string
  /** One of its environments; the main configuration when absent. */
  readonly environment: string | undefined
  /** Where the stacks are written. */
  readonly outputDirectory: string
}

/** `--env` counts before CAUSEWAY_ENV. The CDKTF command hands its output directory over in CDKTF_OUTDIR. */
export function readSynthSettings(
  args: readonly string[] = process.argv.slice(2),
  environment: NodeJS.ProcessEnv = process.env,
): SynthSettings {
  return {
    configPath: resolve(environment['CAUSEWAY_CONFIG'] ?? join(projectRoot, 'bridge.config.ts')),
    environment: environmentOption(args).environment ?? (environment['CAUSEWAY_ENV'] || undefined),
    outputDirectory: resolve(environment['CDKTF_OUTDIR'] || join(projectRoot, 'cdktf.out')),
  }
}

/** Takes `--env <name>` or `--env=<name>` out of a command line. @throws Error when it has no name. */
export function environmentOption(args: readonly string[]): {
  environment?: string
  rest: readonly string[]
} {
  const at = args.findIndex((arg) => arg === '--env' || arg.startsWith('--env='))
  if (at < 0) return { rest: args }
  const joined = args[at]?.split('=')[1]
  const environment = joined ?? args[at + 1]
  if (!environment || environment.startsWith('-')) throw new Error('--env needs the name of an environment')
  return { environment, rest: args.toSpliced(at, joined === undefined ? 2 : 1) }
}
