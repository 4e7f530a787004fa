import type { FileMetadata } from '@google-cloud/storage'
import type { Bridge } from '../../functions/config/schema.ts'
import type { FaultPlanInput } from '../local/faults.ts'
import { push, pushBody } from '../local/function/push-notification.ts'
import { type LocalLoader, type LocalLoaderOptions, startLocalLoader } from '../local/loader.ts'
import type { StateDirectory } from '../local/state-directory.ts'

/** Calls by service and the vendor's name for them, counted where they arrive. */
export type Calls = Readonly<Record<string, number>>

/** What loading costs in calls, once the tables are there. */
export interface MeasuredCalls {
  /** One object whose rows are of one app. */
  readonly alone: Calls
  /** One object with rows of two apps and a bad line: three tables. */
  readonly threeTables: Calls
  /** Fifty objects like the first, in one group. */
  readonly together: Calls
  /** One object with rows of sixty apps. */
  readonly manyApps: Calls
}

export const objectsTogether = 50
export const appsOfMany = 60

/** Holds the first group for some 4.9 s (as this seed draws it), long enough for fifty objects to be read meanwhile. */
const holdFirstGroup: FaultPlanInput = {
  seed: 13,
  rules: [
    {
      service: 'bigquery',
      kind: 'delay',
      calls: ['CreateWriteStream'],
      probability: 1,
      delayMs: 5_000,
      atMost: 1,
    },
  ],
}

/** The deployed function's default, so that holding a group does not make it renew its claim. */
const environment = { CAUSEWAY_LEASE_SECONDS: '60' }

/** Loads objects through the function and counts what Cloud Storage and BigQuery were asked. */
export async function measureCalls(bridge: Bridge, state: StateDirectory): Promise<MeasuredCalls> {
  const single = await withLoader({ bridge, state, environment }, (loader) => measureSingly(bridge, loader))
  // A process lists tables and makes its stream with its first object.
  const started = await withLoader({ bridge, state, environment }, (loader) =>
    measured(bridge, loader, ['web']),
  )
  const held = { bridge, state, environment, faults: holdFirstGroup }
  const together = await withLoader(held, async (loader) => {
    const first = await land(bridge, loader, 'held', ['web'])
    const others = await Promise.all(
      Array.from({ length: objectsTogether }, (_, n) => land(bridge, loader, `together ${n}`, ['web'])),
    )
    const all = await callsOf(loader, async () => {
      const holding = load(bridge, loader, first)
      await until(() => (loader.bigquery.calls()['CreateWriteStream'] ?? 0) > 0)
      await Promise.all([holding, ...others.map((resource) => load(bridge, loader, resource))])
    })
    // The first one was in a group of its own.
    return difference(started, all)
  })
  return { ...single, together }
}

async function measureSingly(bridge: Bridge, loader: LocalLoader) {
  const many = Array.from({ length: appsOfMany }, (_, n) => `app-${n}`)
  // Makes the tables, the streams on them, and the connection to the record of objects.
  await measured(bridge, loader, ['web', 'search', ''])
  await measured(bridge, loader, many)
  return {
    alone: await measured(bridge, loader, ['web']),
    threeTables: await measured(bridge, loader, ['web', 'search', '']),
    manyApps: await measured(bridge, loader, many),
  }
}

let landed = 0

/** What loading an object with lines of these apps takes. */
async function measured(bridge: Bridge, loader: LocalLoader, apps: readonly string[]): Promise<Calls> {
  landed += 1
  const resource = await land(bridge, loader, `measured ${landed}`, apps)
  return callsOf(loader, () => load(bridge, loader, resource))
}

/** An object of twenty lines or more, of these apps in turn; an app without a name makes a bad line. */
async function land(bridge: Bridge, loader: LocalLoader, name: string, apps: readonly string[]) {
  const source = bridge.sources.find(({ format }) => format === 'json-lines')
  if (!source) throw new Error('the configuration has no source of format json-lines')
  const lines = Array.from({ length: Math.max(20, apps.length) }, (_, n) => {
    const app = apps[n % apps.length]
    return app ? JSON.stringify({ app, timestamp: '2026-11-20T10:15:00Z', message: `line ${n}` }) : '{'
  })
  const key = `${source.prefix}${name}${source.suffix}`
  return loader.land({ bucket: source.bucket, key, etag: name, body: `${lines.join('\n')}\n` })
}

async function load(bridge: Bridge, { functions: [first] }: LocalLoader, resource: FileMetadata) {
  if (!(await push(bridge, first?.port ?? 0, pushBody(bridge, resource))))
    throw new Error(`the load function refused ${resource.name}: see its log`)
}

async function withLoader<T>(
  options: LocalLoaderOptions,
  use: (loader: LocalLoader) => Promise<T>,
): Promise<T> {
  const loader = await startLocalLoader(options)
  try {
    return await use(loader)
  } finally {
    await loader.stop()
  }
}

async function callsOf(loader: LocalLoader, work: () => Promise<void>): Promise<Calls> {
  const before = callsSoFar(loader)
  await work()
  return difference(before, callsSoFar(loader))
}

function callsSoFar({ gcs, bigquery }: LocalLoader): Calls {
  const named = (service: string, calls: Calls) =>
    Object.entries(calls).map(([kind, count]) => [`${service} ${kind}`, count] as const)
  return Object.fromEntries([...named('gcs', gcs.calls()), ...named('bigquery', bigquery.calls())])
}

/** What came on top. Opening a connection for appends is no call of its own: its first request is. */
function difference(before: Calls, after: Calls): Calls {
  const counts = Object.entries(after).map(([kind, count]) => [kind, count - (before[kind] ?? 0)] as const)
  return Object.fromEntries(counts.filter(([kind, count]) => count !== 0 && !kind.endsWith('.connect')))
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the first object did not get to BigQuery within 20 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
