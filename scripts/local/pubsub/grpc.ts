import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import {
  type Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import type { ServiceDefinition } from '@grpc/proto-loader'
import { loadSync } from '@grpc/proto-loader'
import type { CallCounter } from '../calls.ts'
import type { Fault, Faults } from '../faults.ts'
import { StatusError, unavailable } from './status.ts'

/** The vendor's own service definitions, read from the client packages. See wire.ts for how messages look. */
export function loadServices(): {
  readonly publisher: ServiceDefinition
  readonly subscriber: ServiceDefinition
  readonly iam: ServiceDefinition
} {
  const packages = createRequire(import.meta.url)
  const protosOf = (name: string) => {
    const [root = ''] = packages.resolve(name).split(join('build', 'src'))
    return join(root, 'build', 'protos')
  }
  const definitions = loadSync(['google/pubsub/v1/pubsub.proto', 'google/iam/v1/iam_policy.proto'], {
    includeDirs: [protosOf('@google-cloud/pubsub'), protosOf('google-gax')],
    longs: String,
    enums: String,
    defaults: true,
  })
  const service = (name: string) => definitions[`google.${name}`] as ServiceDefinition
  return {
    publisher: service('pubsub.v1.Publisher'),
    subscriber: service('pubsub.v1.Subscriber'),
    iam: service('iam.v1.IAMPolicy'),
  }
}

export interface Unary<Request> {
  readonly request: Request
  readonly fault: Fault
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal
}

/** Makes RPC handlers that are counted, meet faults, and answer errors as gRPC statuses. */
export function unaryCalls({ calls, faults }: { readonly calls: CallCounter; readonly faults: Faults }) {
  return <Request, Response>(
    kind: string,
    answer: (call: Unary<Request>) => Response | Promise<Response>,
  ) => {
    const run = async (call: ServerUnaryCall<Request, Response>): Promise<Response> => {
      const gone = new AbortController()
      call.on('cancelled', () => gone.abort())
      calls.count(kind)
      const fault = await faults.meet(kind)
      if (fault.fail) throw unavailable('Injected fault: the call had no effect.')
      const response = await answer({ request: call.request, fault, signal: gone.signal })
      if (fault.dropReply) throw unavailable('Injected fault: the reply was lost.')
      return response
    }
    return (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
      run(call).then(
        (response) => reply(null, response),
        (error: unknown) => reply(toStatus(error)),
      )
    }
  }
}

const toStatus = (error: unknown): StatusError =>
  error instanceof StatusError
    ? error
    : new StatusError(status.INTERNAL, `The local Pub/Sub failed: ${error}`)

/** Listens on loopback and gives the port. */
export async function listen(server: Server, port: number): Promise<number> {
  await requireFree(port)
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error)
      else resolve(bound)
    })
  })
}

/** Asked first, because grpc-js prints to the console when it cannot bind. */
async function requireFree(port: number): Promise<void> {
  const probe = createServer().listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
  } catch (cause) {
    throw new Error(`port ${port} is in use (Pub/Sub): stop what uses it or choose another`, { cause })
  }
  await new Promise((closed) => probe.close(closed))
}
