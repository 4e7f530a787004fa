import { Readable } from 'node:stream'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import type { BridgeInput } from '../../functions/config/schema.ts'
import { load } from '../../functions/load.ts'
import { type LoaderParts, loadTools } from '../../functions/load-tools.ts'
import { Failure } from '../../functions/model/failure.ts'
import type { Outcome } from '../../functions/model/outcome.ts'
import { seededRandom } from '../../scripts/random.ts'
import { LedgerServer } from '../../scripts/simulate/ledger-server.ts'
import { Process } from '../../scripts/simulate/process.ts'
import { thisRevision } from '../../scripts/simulate/revision.ts'
import type { SeenRow } from '../../scripts/simulate/seen-lines.ts'
import { calm } from '../../scripts/simulate/weather.ts'
import { World } from '../../scripts/simulate/world.ts'
import { WriteServer, type WriteServerOptions } from '../../scripts/simulate/write-server.ts'
import { landingBucket, pushEvent } from '../finalize/push-event.ts'

const epoch = Date.UTC(2026, 10, 20)
export const answerTimeMs = 600_000
/** Milliseconds a claim stays young. */
export const leaseMs = 60_000

const google = { project: 'example-project', location: 'US', landingBucket, ledgerBucket: 'example-ledger' }

/** A delivery of an object, as a test says it. */
export interface Push {
  /** As a dead letter. */
  readonly last?: boolean
  readonly messageId?: string
  readonly attributes?: Record<string, string | undefined>
  readonly resource?: Record<string, unknown>
}

/**
 * The loader on in-memory services, in virtual time in which nothing goes wrong but what a test does: one bucket,
 * `example-logs`, whose objects are what a test puts there.
 */
export async function startCalmWorld(
  options: Partial<WriteServerOptions> = {},
  google_: Partial<BridgeInput['google']> = {},
) {
  const world = new World(seededRandom(1), calm)
  const { errors } = await thisRevision()
  const ledger = new LedgerServer(world)
  const write = new WriteServer(world, { forgetsAfter: undefined, learnsWithin: 0, refusals: [], ...options })
  const bodies = new Map<string, string>()
  const counts = { reads: 0, streams: 0, flushes: 0 }
  const bridge = defineBridge({
    aws: { region: 'us-east-1' },
    google: { ...google, ...google_ },
    sources: {
      sim: { bucket: 'example-logs', format: 'json-lines', suffix: '.log' },
    },
  })

  /** Makes time pass until a call is answered. */
  const settled = async <T>(call: Promise<T>): Promise<T> => {
    // What is called has come as far as its first wait by then.
    await new Promise(setImmediate)
    const [result] = await Promise.all([call, world.run(100_000)])
    return result
  }

  /** A process of its own. `change` replaces what it is built on. */
  const loader = (change: (parts: LoaderParts) => LoaderParts = (parts) => parts) => {
    const process = new Process('one')
    const api = write.clientFor(process, { streams: 'BUFFERED', errors })
    const tools = loadTools(
      change({
        bridge,
        api: {
          ...api,
          createStream: async (table) => {
            const stream = await api.createStream(table)
            counts.streams += 1
            return stream
          },
          flush: (stream, offset) => {
            counts.flushes += 1
            return api.flush(stream, offset)
          },
        },
        catalog: write.catalogFor(process, errors),
        ledgerStore: ledger.clientFor(process, errors),
        objects: {
          read: ({ source: { key } }) => {
            counts.reads += 1
            const body = bodies.get(key)
            if (body !== undefined) return Readable.from([Buffer.from(body)])
            return Readable.from(gone(key))
          },
        },
        clock: {
          now: () => epoch + world.now,
          sleep: (millis) => world.sleep(process, millis),
          random: world.random,
        },
        retry: { firstDelayMs: 50, longestDelayMs: 2_000, deadlineMs: 20_000 },
        leaseMs,
        maxInstances: 1,
        revision: 'test',
      }),
    )
    const push = async (
      key: string,
      { last, messageId = '77', attributes, resource }: Push = {},
    ): Promise<Outcome> => {
      const dead = last ? { CloudPubSubDeadLetterSourceSubscription: 'load' } : {}
      const event = pushEvent(`s3/example-logs/${key}`, {
        message: { messageId },
        attributes: { ...dead, ...attributes },
        ...(resource && { resource }),
      })
      return (await load(event, tools)).outcome
    }
    return { tools, push }
  }

  const rows = () => [...write.seen.rows.keys()].toSorted()
  const twice = () => [...write.seen.rows.values()].some((count) => count > 1)
  const records = (key: string): SeenRow[] =>
    write.rowsOf('causeway.object_log').filter((row) => row['source_uri'] === `s3://example-logs/${key}`)
  return { world, write, ledger, bodies, counts, loader, settled, rows, twice, records }
}

/** Lines of these apps, each with a message of its own. */
export function linesOf(name: string, ...apps: string[]): string {
  return apps.map((app) => `${JSON.stringify({ app, message: `${name} ${app}` })}\n`).join('')
}

async function* gone(key: string): AsyncGenerator<Buffer> {
  await Promise.reject(new Failure('object', 'parse', 'object_missing', `${key} is gone`))
  yield Buffer.alloc(0)
}
