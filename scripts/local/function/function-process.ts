import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { functionNodeOptions } from '../../../functions/config/names.ts'
import { messageOf } from '../../../functions/model/failure.ts'
import { type Vitals, vitalsSchema } from './vitals.ts'

const projectRoot = join(import.meta.dirname, '../../..')
const framework = join(
  dirname(createRequire(import.meta.url).resolve('@google-cloud/functions-framework')),
  'main.js',
)
const listening = z.object({ listening: z.object({ port: z.number() }) })

export interface FunctionOptions {
  /** The process's whole environment. */
  readonly environment: Readonly<Record<string, string>>
  /** Where its output goes, appended. */
  readonly logFile: string
  /** 0, the default, takes a free one. */
  readonly port?: number
}

/**
 * The deployed load function under functions-framework, in a process of its own. It is started again when it ends,
 * as Cloud Run does, on the same port.
 */
export class FunctionProcess {
  readonly #options: FunctionOptions
  readonly #log: WriteStream
  #child: ChildProcess | undefined
  #port = 0
  #stopping = false
  #restarts = 0

  private constructor(options: FunctionOptions) {
    this.#options = options
    this.#log = createWriteStream(options.logFile, { flags: 'a' })
  }

  /** Starts it and waits until it listens. @throws Error with where its log is, when it does not. */
  static async start(options: FunctionOptions): Promise<FunctionProcess> {
    const running = new FunctionProcess(options)
    await running.#run(options.port ?? 0)
    return running
  }

  get port(): number {
    return this.#port
  }

  /** How often it ended and was started again. */
  get restarts(): number {
    return this.#restarts
  }

  /** Of the process that runs now; another one after each restart. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Ends it like a crash. It comes back. Gives its exit code once it has ended; null when the signal ended it. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.#child
    if (!child || hasEnded(child)) return child?.exitCode ?? null
    const ended = exitCodeOf(child)
    child.kill(signal)
    return ended
  }

  /** What the process says of its own memory and handles. @throws Error when it ends before it has answered. */
  vitals(): Promise<Vitals> {
    const child = this.#child
    return new Promise((resolve, reject) => {
      if (!child || hasEnded(child)) return reject(new Error('the load function does not run'))
      const settle = () => {
        child.off('message', onMessage).off('exit', onExit)
      }
      const onMessage = (message: unknown) => {
        const parsed = vitalsSchema.safeParse(message)
        if (!parsed.success) return
        settle()
        resolve(parsed.data.vitals)
      }
      const onExit = () => {
        settle()
        reject(new Error('the load function ended while it was asked for its vitals'))
      }
      child.on('message', onMessage).once('exit', onExit).send('vitals')
    })
  }

  /** Ends it for good: SIGTERM first, so that work in flight may end. */
  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#child
    if (child && !hasEnded(child)) {
      const ended = exitCodeOf(child)
      child.kill('SIGTERM')
      const hard = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(hard)
    }
    await new Promise((resolve) => this.#log.end(resolve))
  }

  async #run(port: number): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        ...['--import', join(import.meta.dirname, 'preload.ts'), framework],
        ...[
          `--source=${join(projectRoot, 'functions/index.ts')}`,
          '--target=load',
          '--signature-type=cloudevent',
        ],
        `--port=${port}`,
      ],
      {
        cwd: projectRoot,
        env: {
          NODE_ENV: 'production',
          ...this.#options.environment,
          NODE_OPTIONS: `${functionNodeOptions} ${this.#options.environment['NODE_OPTIONS'] ?? ''}`,
        },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    )
    this.#child = child
    child.stdout?.pipe(this.#log, { end: false })
    child.stderr?.pipe(this.#log, { end: false })
    child.once('exit', () => {
      this.#comeBack().catch((error: unknown) => {
        // Ended while it came back, it did not listen: nobody needs to know.
        if (!this.#stopping) this.#log.write(`${messageOf(error)}\n`)
      })
    })
    this.#port = await portOf(child, this.#options.logFile)
  }

  async #comeBack(): Promise<void> {
    if (this.#stopping || this.#port === 0) return
    this.#restarts += 1
    await wait(Math.min(5_000, 100 * this.#restarts))
    if (!this.#stopping) await this.#run(this.#port)
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function exitCodeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve))
}

function portOf(child: ChildProcess, logFile: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const parsed = listening.safeParse(message)
      if (parsed.success) resolve(parsed.data.listening.port)
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`the load function ended (exit code ${code}): see ${logFile}`)),
    )
  })
}
