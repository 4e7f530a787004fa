import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import type { CallCounter } from '../../calls.ts'
import type { Faults } from '../../faults.ts'
import { ApiError, invalid, notFound, toApiError, unavailable } from './api-error.ts'
import { tokenPath, tokenResponse } from './token.ts'

/** One call, taken apart. */
export interface ApiRequest {
  /** Decoded segments of the path by their name in the route. */
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly ifMatch: string | undefined
  readonly body: unknown
}

/** One method of the API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/projects/{project}`, with `:name` for one segment. */
  readonly path: string
  /** The vendor's name of the call. */
  readonly call: string
  /** Gives the resource to answer with; undefined for 204. */
  readonly handle: (request: ApiRequest) => unknown
}

/** Bound on a request's body, compressed or not. BigQuery: 10 MB. https://docs.cloud.google.com/bigquery/quotas [2026-11] */
const bodyLimit = 10 * 1024 * 1024

/** Listens on loopback. No request is answered before `serve`. */
export async function listen(port: number): Promise<{ server: Server; origin: string }> {
  const server = createServer({ keepAliveTimeout: 60_000 })
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause
    throw new Error(`port ${port} is in use (BigQuery): stop what uses it or choose another`, { cause })
  }
  const address = server.address()
  const chosen = typeof address === 'object' && address ? address.port : port
  return { server, origin: `http://127.0.0.1:${chosen}` }
}

export interface Serving {
  readonly routes: readonly Route[]
  readonly counter: CallCounter
  readonly faults: Faults
  /** Throws for a call that its caller may not make. Everything may be called when absent. */
  readonly authorize?: (call: string, path: ApiRequest['path']) => void
}

/** Answers requests until the server is closed. */
export function serve(server: Server, serving: Serving): void {
  const routes = serving.routes.map((route) => ({ ...route, pattern: pathPattern(route.path) }))
  server.on('request', (incoming, outgoing) => {
    answer({ ...serving, routes }, incoming, outgoing).catch(() => outgoing.destroy())
  })
}

interface Compiled extends Route {
  readonly pattern: RegExp
}

/** The official client sends `/bigquery/v2` in front when given an `apiEndpoint`, not with BIGQUERY_EMULATOR_HOST. */
function pathPattern(path: string): RegExp {
  const below = path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')
  return new RegExp(`^(?:/bigquery/v2)?/projects/(?<project>[^/]+)${below}$`)
}

async function answer(
  serving: Serving & { readonly routes: readonly Compiled[] },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (incoming.url === tokenPath) {
    incoming.resume()
    send(outgoing, 200, tokenResponse)
    return
  }
  let dropReply = false
  let reply: { status: number; resource: unknown }
  try {
    const { route, path, query } = find(serving.routes, incoming)
    serving.counter.count(route.call)
    const fault = await serving.faults.meet(route.call)
    if (fault.fail) throw unavailable()
    serving.authorize?.(route.call, path)
    const body = await readJson(incoming)
    const resource = await route.handle({ path, query, ifMatch: incoming.headers['if-match'], body })
    dropReply = fault.dropReply
    reply = { status: resource === undefined ? 204 : 200, resource }
  } catch (error) {
    const refusal = toApiError(error)
    reply = { status: refusal.status, resource: refusal.document() }
  }
  incoming.resume()
  if (dropReply) outgoing.destroy()
  else send(outgoing, reply.status, reply.resource)
}

function send(outgoing: ServerResponse, status: number, resource: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' })
  outgoing.end(resource === undefined ? undefined : JSON.stringify(resource))
}

function find(routes: readonly Compiled[], incoming: IncomingMessage) {
  const url = new URL(incoming.url ?? '/', 'http://localhost')
  for (const route of routes) {
    const match = route.method === incoming.method ? route.pattern.exec(url.pathname) : null
    if (!match) continue
    const segments = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decoded(value)])
    return { route, path: Object.fromEntries(segments), query: url.searchParams }
  }
  throw notFound(
    `Not found: ${incoming.method} ${url.pathname} is not modelled by the local stand-in of BigQuery`,
  )
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw invalid(`The path segment ${segment} is not valid percent-encoded UTF-8`)
  }
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const unpacked = incoming.headers['content-encoding'] === 'gzip' ? incoming.pipe(createGunzip()) : incoming
  const json = await text(limited(unpacked))
  try {
    return json === '' ? {} : JSON.parse(json)
  } catch {
    throw new ApiError(400, 'parseError', 'Parse Error: the body is not JSON')
  }
}

async function* limited(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0
  for await (const piece of body) {
    size += piece.length
    if (size > bodyLimit) throw new ApiError(413, 'uploadTooLarge', `The request exceeds ${bodyLimit} bytes`)
    yield piece
  }
}
