import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { type RunningBridge, StateDirectory } from '../../scripts/local/state-directory.ts'

const projectRoot = join(import.meta.dirname, '../..')

/** What a command printed, and its exit code. */
export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the `causeway` command as a person would. */
export function startCommand(args: readonly string[]): ChildProcess {
  const command = [join(projectRoot, 'scripts/causeway.ts'), ...args]
  return spawn(process.execPath, command, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The same, within a test: killed when that is over. */
export function spawnCommand(args: readonly string[]): ChildProcess {
  const child = startCommand(args)
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

/** Runs the `causeway` command to its end. */
export async function runCommand(...args: string[]): Promise<CommandResult> {
  const child = startCommand(args)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

/** The bridge a `causeway local` on this directory has published, once it has. */
export async function publishedBridge(directory: string, child: ChildProcess): Promise<RunningBridge> {
  const state = new StateDirectory(directory)
  let printed = ''
  child.stderr?.on('data', (chunk) => {
    printed += chunk
  })
  return vi.waitUntil(
    () => {
      if (child.exitCode !== null) throw new Error(`causeway local ended with ${child.exitCode}: ${printed}`)
      const running = state.running()
      return running && running.pid === child.pid && running.environment['AWS_ENDPOINT_URL_S3']
        ? running
        : undefined
    },
    { timeout: 60_000, interval: 50 },
  )
}
