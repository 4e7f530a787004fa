import type { IncomingMessage } from 'node:http'
import { GcsError, invalid } from './error.ts'
import type { GcsRequest, Reply } from './http.ts'

/** One method of the JSON API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: RegExp
  /** Only for requests whose query says so. */
  readonly when?: (query: URLSearchParams) => boolean
  /** The vendor's name of the call. */
  readonly call: string
  /** False for the further requests of a call that was counted at its first. */
  readonly counted?: false
  readonly handle: (request: GcsRequest) => Reply | Promise<Reply>
}

/**
 * A path of the API with `:name` for one segment. The official client sends it with `/storage/v1` in front when
 * it is given an `apiEndpoint`, and without when it is pointed here by STORAGE_EMULATOR_HOST.
 */
export function path(pattern: string, before = '(?:/storage/v1)?'): RegExp {
  return new RegExp(`^${before}${pattern.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
}

/** Finds the method a request is for and takes its address apart. */
export function route(
  routes: readonly Route[],
  incoming: IncomingMessage,
): { route: Route; request: GcsRequest } {
  const [pathname = '', search] = (incoming.url ?? '').split(/\?(.*)/s)
  const query = new URLSearchParams(search)
  for (const route of routes) {
    const match = route.method === incoming.method && route.path.exec(pathname)
    if (!match || route.when?.(query) === false) continue
    const segment = (name: string) => decoded(match.groups?.[name] ?? '')
    const request = {
      incoming,
      query,
      path: { bucket: segment('bucket'), object: segment('object'), config: segment('config') },
      destination: { bucket: segment('toBucket'), object: segment('toObject') },
    }
    return { route, request }
  }
  throw new GcsError(
    404,
    'notFound',
    `Not Found: ${incoming.method} ${pathname} is not among the methods modelled.`,
  )
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    throw Object.assign(invalid(`The path is not valid UTF-8 once percent-decoded: ${segment}`), { cause })
  }
}
