import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Loaded } from '../../functions/load.ts'
import type { FailureCode, Stage } from '../../functions/model/failure.ts'
import type { FailureKind } from '../../functions/model/failure-codes.ts'
import type { Parts } from './ports.ts'
import { bridgeInput } from './sources.ts'

/** A revision of the load code, as the simulation runs it. */
export interface Revision {
  readonly name: string
  /** What its streams are: see `WriteApi.createStream`. */
  readonly streams: Streams
  readonly bridge: Bridge
  readonly errors: Errors
  /** Wires a loader: what it does with one delivery. */
  start(parts: Parts): Loader
}

export type Streams = 'PENDING' | 'BUFFERED'

export type Loader = (event: unknown) => Promise<Loaded>

/** Errors of a revision's ports, by its own classes: it tells them apart by those. */
export interface Errors {
  write(code: number, message: string, storageError?: string): Error
  ledger(message: string): Error
  failure(kind: FailureKind, stage: Stage, code: FailureCode, message: string): Error
}

const root = fileURLToPath(new URL('../..', import.meta.url))
let current: Promise<Revision> | undefined

/** The code of this project. */
export function thisRevision(): Promise<Revision> {
  current ??= revisionIn(root, 'now')
  return current
}

/** The code in a directory that holds `functions/` of another revision. */
export async function revisionIn(directory: string, name = 'before'): Promise<Revision> {
  const functions = join(directory, 'functions')
  if (!existsSync(functions)) throw new Error(`${directory} has no folder functions`)
  const at = (file: string) => pathToFileURL(join(functions, file)).href
  const { load } = (await import(at('load.ts'))) as typeof import('../../functions/load.ts')
  const { loadTools } = (await import(at('load-tools.ts'))) as typeof import('../../functions/load-tools.ts')
  const { defineBridge } = (await import(
    at('config/define-bridge.ts')
  )) as typeof import('../../functions/config/define-bridge.ts')
  return {
    name,
    streams: streamsOf(functions),
    bridge: defineBridge(bridgeInput),
    errors: await errorsOf(at),
    start: (parts) => {
      const tools = loadTools(withEarlierNames(parts))
      return (event) => load(event, tools)
    },
  }
}

/** The parts, times also under the names without a unit that earlier revisions read. */
function withEarlierNames(parts: Parts): Parts {
  const { firstDelayMs: firstDelay, longestDelayMs: longestDelay, deadlineMs: deadline } = parts.retry
  const earlier = { lease: parts.leaseMs, retry: { ...parts.retry, firstDelay, longestDelay, deadline } }
  return { ...parts, ...earlier }
}

/** A revision whose port can flush makes BUFFERED streams. */
function streamsOf(functions: string): Streams {
  const port = readFileSync(join(functions, 'append/write-api.ts'), 'utf8')
  return /^ {2}flush\(/m.test(port) ? 'BUFFERED' : 'PENDING'
}

async function errorsOf(at: (file: string) => string): Promise<Errors> {
  const { WriteApiError } = (await import(
    at('append/write-api.ts')
  )) as typeof import('../../functions/append/write-api.ts')
  const { LedgerStoreError } = (await import(
    at('commit/ledger-store.ts')
  )) as typeof import('../../functions/commit/ledger-store.ts')
  const { Failure } = (await import(
    at('model/failure.ts')
  )) as typeof import('../../functions/model/failure.ts')
  return {
    write: (code, message, storageError) =>
      Object.assign(new WriteApiError(code, message), storageError !== undefined && { storageError }),
    ledger: (message) => new LedgerStoreError(message, true),
    failure: (kind, stage, code, message) => new Failure(kind, stage, code, message),
  }
}
