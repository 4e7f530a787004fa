import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const runningSchema = z.object({
  pid: z.number().int(),
  startedAt: z.string(),
  environment: z.record(z.string(), z.string()),
})

/** A bridge that runs on a state directory. */
export type RunningBridge = z.infer<typeof runningSchema>

/** Another bridge runs on this state directory. */
export class AlreadyRunning extends Error {
  readonly running: RunningBridge

  constructor(running: RunningBridge, directory: string) {
    super(`a local bridge already runs on ${directory}: process ${running.pid}, since ${running.startedAt}`)
    this.name = 'AlreadyRunning'
    this.running = running
  }
}

/** The files of one local bridge: all its state, and who runs on it. */
export class StateDirectory {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** The directory of one service. */
  of(service: string): string {
    const directory = join(this.path, service)
    mkdirSync(directory, { recursive: true })
    return directory
  }

  /** The load function's output. */
  get functionLog(): string {
    mkdirSync(this.path, { recursive: true })
    return join(this.path, 'function.log')
  }

  /** Takes the directory for this process. @throws AlreadyRunning */
  claim(startedAt: Date): void {
    mkdirSync(this.path, { recursive: true })
    const claim: RunningBridge = { pid: process.pid, startedAt: startedAt.toISOString(), environment: {} }
    try {
      writeFileSync(this.#file, JSON.stringify(claim), { flag: 'wx' })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const running = this.running()
      if (running) throw new AlreadyRunning(running, this.path)
      // Left behind by a process that was killed.
      writeFileSync(this.#file, JSON.stringify(claim))
    }
  }

  /** Tells other commands how to reach the bridge of this process. */
  publish(environment: Readonly<Record<string, string>>): void {
    const { startedAt } = this.#read() ?? { startedAt: '' }
    writeFileSync(this.#file, JSON.stringify({ pid: process.pid, startedAt, environment }, null, 2))
  }

  release(): void {
    rmSync(this.#file, { force: true })
  }

  /** The bridge that runs here now, if one does. */
  running(): RunningBridge | undefined {
    const found = this.#read()
    return found && isAlive(found.pid) ? found : undefined
  }

  get #file(): string {
    return join(this.path, 'running.json')
  }

  #read(): RunningBridge | undefined {
    try {
      return runningSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')))
    } catch {
      // Absent, or cut short by a kill: either way nothing runs that could be talked to.
      return undefined
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // No such process.
    return false
  }
}
