import { Server } from '@grpc/grpc-js'
import { CallCounter } from '../calls.ts'
import { type FaultPlanInput, Faults } from '../faults.ts'
import type { LocalService } from '../service.ts'
import { Broker, type Clock } from './broker.ts'
import { openDatabase } from './database.ts'
import type { Backlog } from './deliveries.ts'
import { listen, loadServices, unaryCalls } from './grpc.ts'
import { iamApi } from './iam-api.ts'
import { publisherApi } from './publisher-api.ts'
import { type PushContext, pushIfAsked } from './push-consumer.ts'
import type { PushWindowLimits } from './push-window.ts'
import { Registry } from './registry.ts'
import { unavailable } from './status.ts'
import { subscriberApi } from './subscriber-api.ts'

export interface PubSubOptions {
  readonly directory: string
  /** A free port when absent. */
  readonly port?: number
  readonly faults?: FaultPlanInput
  readonly clock?: Clock
  readonly pushWindow?: PushWindowLimits
}

export interface LocalPubSub extends LocalService {
  /** How far a subscription's consumers are behind. Throws when there is no such subscription. */
  backlog(subscription: string): Backlog
}

/**
 * Starts a stand-in of Google Cloud Pub/Sub that its official clients use through PUBSUB_EMULATOR_HOST.
 *
 * Counts every RPC by its name and every message pushed as `push`. Faults named `push` strike a message that is
 * pushed, `StreamingPull` one response of a stream; `drop-reply` on `push` loses the endpoint's answer.
 * A message is duplicated or held back at most once.
 *
 * Not modelled: ordering keys (carried along only; a subscription that asks for order is refused), exactly-once
 * delivery, Seek, snapshots, schemas, export subscriptions, transforms, unwrapped push, expiry of idle
 * subscriptions, flow control in bytes, authentication, permissions (policies are kept) and quotas. Retained acknowledged messages, of use to
 * Seek only, are not kept.
 */
export async function startPubSub(options: PubSubOptions): Promise<LocalPubSub> {
  const { directory, port = 0, clock = Date.now, pushWindow = { initial: 10, maximum: 1000 } } = options
  const calls = new CallCounter()
  const faults = new Faults('pubsub', options.faults)
  const server = new Server({ 'grpc.max_receive_message_length': 16 * 1024 * 1024 })
  const { publisher, subscriber, iam } = loadServices()
  const database = openDatabase(directory)
  const registry = new Registry(database)
  const broker = new Broker({ database, registry, clock })
  const unary = unaryCalls({ calls, faults })
  const context: PushContext = { broker, registry, faults, calls, clock, window: pushWindow }
  server.addService(publisher, publisherApi({ broker, registry, unary }))
  server.addService(iam, iamApi({ database, registry, unary }))
  server.addService(subscriber, subscriberApi({ ...context, unary }))

  let stopped = false
  const stop = async () => {
    if (stopped) return
    stopped = true
    broker.stop(unavailable('The local Pub/Sub is stopping.'))
    const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()))
    server.forceShutdown()
    await closed
    database.close()
  }
  const bound = await listen(server, port).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  for (const name of registry.subscriptions.keys()) pushIfAsked(name, context)
  broker.wake()
  return {
    name: 'pubsub',
    environment: { PUBSUB_EMULATOR_HOST: `127.0.0.1:${bound}` },
    calls: () => calls.snapshot(),
    backlog: (subscription) => broker.backlog(subscription),
    stop,
  }
}
