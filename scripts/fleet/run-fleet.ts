import { createHash } from 'node:crypto'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { load } from '../../functions/load.ts'
import type { LoadTools } from '../../functions/load-tools.ts'
import { loadTools } from '../../functions/load-tools.ts'
import { answers } from '../../functions/model/outcome.ts'
import { seededRandom } from '../random.ts'
import { refusedWord } from '../simulate/draw-object.ts'
import { LandingBucket, landingNameOf } from '../simulate/landing-bucket.ts'
import { LedgerServer } from '../simulate/ledger-server.ts'
import { Process } from '../simulate/process.ts'
import { thisRevision } from '../simulate/revision.ts'
import type { Copy } from '../simulate/scenario.ts'
import { bridgeInput, epoch } from '../simulate/sources.ts'
import { calm } from '../simulate/weather.ts'
import { WriteServer } from '../simulate/write-server.ts'
import { Network } from './network.ts'

/** What a fleet of instances is given to do. */
export interface Load {
  readonly instances: number
  readonly objects: number
  /** Milliseconds between uploads. */
  readonly every: number
  /** Each object has a line of each of so many apps. */
  readonly apps: number
  /** Share of objects that are no good. */
  readonly badShare: number
  /** What is wrong with those: their app's table cannot be written by anybody, or BigQuery refuses a row of theirs. */
  readonly bad: 'table' | 'row'
  readonly seed: number
  /** Objects of a backfill that wait from the beginning, with as many lines. */
  readonly backfill: number
  /** Whether the same instances load those too; otherwise as many in a lane of their own. */
  readonly backfillIn: 'live' | 'lane'
}

/** What became of it. Times in milliseconds. */
export interface FleetResult {
  /** From the notification to the acknowledgement of each good object, in the order they were done. */
  readonly latencies: readonly number[]
  readonly objects: number
  readonly deliveries: number
  readonly calls: { createStream: number; append: number; flush: number }
  /** Lines of good objects that are in no table, or more than once. */
  readonly lost: number
  readonly duplicated: number
  /** Objects of the backfill that were loaded, and milliseconds it took. */
  readonly backfilled: number
  readonly backfillTook: number
}

/** As deployed: see functions/index.ts and cdktf/google/subscription.ts. */
const retry = { firstDelayMs: 100, longestDelayMs: 10_000, deadlineMs: 120_000 }
const backoff = { first: 10_000, longest: 600_000 }
const leaseMs = 60_000
/** Messages an instance works on at a time: the default of the configuration. */
const concurrency = 16
const badTable = 'unwritable'
const mostEvents = 500_000_000

/** Runs the real load code on all instances through in-memory services, in virtual time, until every good object is loaded. */
export async function runFleet(given: Load, onProgress: (done: number) => void): Promise<FleetResult> {
  const random = seededRandom(given.seed)
  const network = new Network(random, calm)
  const copies = copiesOf(given, random)
  const backlog = [
    ...copiesOf({ ...given, objects: given.backfill, every: 0, badShare: 0 }, random, 'old').keys(),
  ]
  const errors = (await thisRevision()).errors
  const ledger = new LedgerServer(network)
  const landing = new LandingBucket(network, [...copies.keys(), ...backlog], {
    keepsVersions: true,
    expiresAfter: undefined,
  })
  const refusals = [
    { call: 'createStream' as const, table: `_${badTable}`, from: 0, to: Number.POSITIVE_INFINITY },
  ]
  const write = new WriteServer(network, { forgetsAfter: undefined, learnsWithin: 0, refusals })
  const calls = { createStream: 0, append: 0, flush: 0 }
  const hasLane = given.backfill > 0 && given.backfillIn === 'lane'
  const begin = (name: string): LoadTools => {
    const process = new Process(name)
    const api = write.clientFor(process, { streams: 'BUFFERED', errors })
    return loadTools({
      bridge: defineBridge(bridgeInput),
      api: {
        ...api,
        createStream: (table) => {
          calls.createStream += 1
          return api.createStream(table)
        },
        open: (stream, descriptor) => {
          const connection = api.open(stream, descriptor)
          return {
            append: (rows, offset) => {
              calls.append += 1
              return connection.append(rows, offset)
            },
            close: () => connection.close(),
          }
        },
        flush: (stream, offset) => {
          calls.flush += 1
          return api.flush(stream, offset)
        },
      },
      catalog: write.catalogFor(process, errors),
      ledgerStore: ledger.clientFor(process, errors),
      objects: landing.clientFor(process, errors),
      clock: {
        now: () => epoch + network.now,
        sleep: (millis) => network.sleep(process, millis),
        random,
      },
      retry,
      leaseMs,
      maxInstances: hasLane ? given.instances * 2 : given.instances,
      revision: 'fleet',
    })
  }
  const instances = Array.from({ length: given.instances }, (_, n) => begin(`instance-${n}`))
  const loadsBacklog = hasLane
    ? Array.from({ length: given.instances }, (_, n) => begin(`lane-instance-${n}`))
    : instances
  const latencies: number[] = []
  const good = [...copies.values()].filter((isBad) => !isBad).length
  let deliveries = 0
  const deliver = (copy: Copy, isBad: boolean, attempt: number) => {
    // A bad object is delivered for as long as there is anybody it could disturb.
    if (isBad && latencies.length === good) return
    const tools = instances[Math.floor(random() * instances.length)]
    if (!tools) throw new Error('there are no instances')
    deliveries += 1
    void load(eventOf(copy, attempt), tools).then(({ outcome }) => {
      if (answers[outcome.kind] === 'deliver again') {
        const delay = Math.min(backoff.longest, backoff.first * 2 ** (attempt - 1))
        network.after(delay * (0.75 + random() / 2), () => deliver(copy, isBad, attempt + 1))
        return
      }
      if (isBad) return
      latencies.push(network.now - copy.landsAt)
      onProgress(latencies.length)
    })
  }
  for (const [copy, isBad] of copies) network.after(copy.landsAt, () => deliver(copy, isBad, 1))
  const old = new Map<Copy, boolean>(backlog.map((copy) => [copy, false]))
  let [backfilled, backfillTook] = [0, 0]
  /** Pub/Sub gives an instance another when it has answered one. */
  const deliverBacklog = (tools: LoadTools) => {
    const copy = backlog.shift()
    if (!copy) return
    void load(eventOf(copy, 1), tools).then(({ outcome }) => {
      if (answers[outcome.kind] === 'deliver again') backlog.push(copy)
      else backfilled += 1
      backfillTook = network.now
      network.after(0, () => deliverBacklog(tools))
    })
  }
  for (const tools of loadsBacklog)
    for (let n = 0; n < concurrency; n++) network.after(0, () => deliverBacklog(tools))
  if (!(await network.run(mostEvents))) throw new Error(`not at rest after ${mostEvents} events`)
  return {
    latencies,
    deliveries,
    calls,
    backfilled,
    backfillTook,
    objects: good,
    ...countLines(new Map([...copies, ...old]), given.apps, write.seen.rows),
  }
}

function countLines(copies: ReadonlyMap<Copy, boolean>, apps: number, seen: ReadonlyMap<string, number>) {
  const counts = [...copies].flatMap(([copy, isBad]) =>
    isBad ? [] : Array.from({ length: apps }, (_, app) => seen.get(lineOf(copy.object.key, app)) ?? 0),
  )
  return {
    lost: counts.filter((count) => count === 0).length,
    duplicated: counts.filter((count) => count > 1).length,
  }
}

function lineOf(key: string, app: number): string {
  return `${key} line ${app}`
}

/** Objects in the order of their uploads, and whether each is no good. */
function copiesOf(
  { objects, every, apps, badShare, bad }: Load,
  random: () => number,
  name = 'log',
): Map<Copy, boolean> {
  return new Map(
    Array.from({ length: objects }, (_, n) => {
      const isBad = random() < badShare
      const key = `${name}-${String(n).padStart(6, '0')}`
      const lines = Array.from({ length: apps }, (_, app) =>
        JSON.stringify({ app: `app-${app}`, message: lineOf(key, app) }),
      )
      if (isBad && bad === 'table') lines.push(JSON.stringify({ app: badTable, message: 'x' }))
      if (isBad && bad === 'row') lines.push(JSON.stringify({ app: 'app-0', message: refusedWord }))
      const body = Buffer.from(`${lines.join('\n')}\n`)
      const object = {
        source: 'sim',
        key,
        etag: 'a',
        body,
        good: [],
        bad: [],
        lines: lines.length,
        fate: 'loads',
      }
      const copy: Copy = {
        object: object as Copy['object'],
        generation: 1,
        landsAt: n * every,
        announcedAfter: [0],
      }
      return [copy, isBad]
    }),
  )
}

function eventOf(copy: Copy, attempt: number): unknown {
  const { object, generation, landsAt } = copy
  const id = createHash('sha1').update(`${object.key} ${attempt}`).digest('hex')
  const published = new Date(epoch + landsAt).toISOString()
  const resource = {
    bucket: bridgeInput.google.landingBucket,
    name: landingNameOf(copy),
    generation: String(generation),
    size: String(object.body.length),
    timeCreated: published,
    metadata: { 'x-goog-source-etag': object.etag },
  }
  const attributes = {
    eventType: 'OBJECT_FINALIZE',
    payloadFormat: 'JSON_API_V1',
    bucketId: resource.bucket,
    objectId: resource.name,
    objectGeneration: resource.generation,
  }
  const data = Buffer.from(JSON.stringify(resource)).toString('base64')
  return { id, data: { message: { data, attributes, messageId: id, publishTime: published } } }
}
