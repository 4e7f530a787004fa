import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import { CallCounter } from '../calls.ts'
import { type FaultPlanInput, Faults } from '../faults.ts'
import type { Access } from '../permissions/access.ts'
import type { LocalService } from '../service.ts'
import { authorize } from './authorize.ts'
import { bucketRoutes } from './bucket-routes.ts'
import { Buckets } from './buckets.ts'
import { Contents } from './contents.ts'
import { openDatabase } from './database.ts'
import { ObjectEvents } from './events.ts'
import { NotificationConfigs } from './notification-configs.ts'
import { notificationRoutes } from './notification-routes.ts'
import { objectRoutes } from './object-routes.ts'
import { Objects } from './objects.ts'
import { Outbox } from './outbox.ts'
import { Publisher } from './publisher.ts'
import { ResumableUploads } from './resumable-uploads.ts'
import { listen, type Serving, serve } from './server.ts'
import { uploadRoutes } from './upload-routes.ts'
import { UploadSessions } from './upload-sessions.ts'
import { Uploads } from './uploads.ts'

export interface GcsOptions {
  /** Where objects, metadata and notifications not yet published are kept. */
  readonly directory: string
  /** 0, the default, takes a free one. */
  readonly port?: number
  readonly faults?: FaultPlanInput
  readonly projectId: string
  /** `host:port` of Pub/Sub. Without one, notifications wait in the directory for a start with one. */
  readonly pubsubEndpoint?: string
  /** Callers with addresses and permissions of their own. */
  readonly callers?: readonly Access[]
  readonly clock?: () => Date
}

export interface LocalGcs extends LocalService {
  /** `http://127.0.0.1:port`: the `apiEndpoint` of an official client. */
  readonly endpoint: string
  /** The `apiEndpoint` that one of the callers comes by. */
  endpointOf(caller: Access): string
}

/**
 * A stand-in of Cloud Storage: the part of the JSON API that Causeway and its users need, strongly consistent.
 *
 * A caller is known by the address it comes by, and refused what is not granted to it.
 *
 * Not modelled: authentication, access by the policies of buckets (kept and given back), object versions, soft delete,
 * holds, retention, lifecycle, encryption keys, compose, batch, the XML API, signed URLs, `fields`, If-Match headers, rate limits, a delay
 * before a new notification configuration works, and dropping notifications after seven days. A topic that does
 * not exist is not noticed when it is configured: its messages wait until it does.
 */
export async function startGcs(options: GcsOptions): Promise<LocalGcs> {
  const { directory, projectId, pubsubEndpoint, clock = () => new Date() } = options
  const faults = new Faults('gcs', options.faults)
  const counter = new CallCounter()
  const { server, origin } = await listen(options.port ?? 0)
  const callers = await Promise.all(
    (options.callers ?? []).map(async (access) => ({ access, ...(await listen(0)) })),
  )
  mkdirSync(directory, { recursive: true })
  const database = openDatabase(directory)
  const contents = new Contents(directory)
  const buckets = new Buckets(database)
  const configs = new NotificationConfigs(database, buckets)
  const outbox = new Outbox(database)
  const events = new ObjectEvents(configs, outbox, origin, clock)
  const objects = new Objects({ database, contents, buckets, events, clock })
  const sessions = new UploadSessions(database)
  const uploads = new Uploads(contents, objects, origin)
  const resumable = new ResumableUploads({ contents, objects, uploads, sessions, origin, clock })
  const publisher = pubsubEndpoint
    ? new Publisher(outbox, faults, { endpoint: pubsubEndpoint, projectId })
    : undefined

  sessions.expire(clock())
  contents.sweep(
    (generation) => objects.isLive(generation),
    (id) => sessions.isOpen(id),
  )
  const kick = () => publisher?.kick()
  kick()
  const serving: Serving = {
    routes: [
      ...bucketRoutes(buckets, origin, clock),
      ...uploadRoutes(uploads, resumable),
      ...objectRoutes({ database, buckets, objects, contents, origin }),
      ...notificationRoutes(configs, origin),
    ],
    counter,
    faults,
    afterCall: kick,
  }
  serve(server, serving)
  for (const { access, server: own } of callers) {
    serve(own, { ...serving, authorize: (call, request) => authorize(access, call, request, objects) })
  }

  let stopped: Promise<void> | undefined
  const stop = async () => {
    await Promise.all([server, ...callers.map((caller) => caller.server)].map(close))
    if (publisher) await publisher.stop()
    database.close()
  }
  return {
    name: 'gcs',
    endpoint: origin,
    environment: { STORAGE_EMULATOR_HOST: origin },
    endpointOf: (caller) => {
      const found = callers.find(({ access }) => access === caller)
      if (!found) throw new Error(`${caller.account} is not among the callers Cloud Storage was started with`)
      return found.origin
    },
    calls: () => counter.snapshot(),
    stop: () => (stopped ??= stop()),
  }
}

function close(server: Server): Promise<unknown> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  return closed
}
