import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CallCounter } from '../calls.ts'
import type { Faults } from '../faults.ts'
import { GcsError, unavailable } from './error.ts'
import { bodyOf, type GcsRequest, json, type Reply } from './http.ts'
import { type Route, route } from './route.ts'

/** Listens on loopback. No request is handled before `serve` is called. */
export async function listen(port: number): Promise<{ server: Server; origin: string }> {
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 })
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause
    const message = `port ${port} is in use (Cloud Storage): stop what uses it or choose another`
    throw new Error(message, { cause })
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
  readonly authorize?: (call: string, request: GcsRequest) => void
  /** Called after each call that succeeded. */
  readonly afterCall: () => void
}

/** Answers requests until the server is closed. */
export function serve(server: Server, serving: Serving): void {
  server.on('request', (incoming, outgoing) => {
    answer(serving, incoming, outgoing).catch(() => outgoing.destroy())
  })
}

async function answer(serving: Serving, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { reply, dropReply } = await handled(serving, incoming)
  if (dropReply) {
    if (reply.body instanceof Readable) reply.body.destroy()
    outgoing.destroy()
    return
  }
  await drain(incoming)
  outgoing.writeHead(reply.status, reply.headers)
  if (reply.body instanceof Readable) await pipeline(reply.body, outgoing)
  else outgoing.end(reply.body)
}

/** A caller reads the answer once its whole body is gone. Works whoever read how much of the body before. */
async function drain(incoming: IncomingMessage): Promise<void> {
  for await (const _ of bodyOf(incoming));
}

async function handled(
  serving: Serving,
  incoming: IncomingMessage,
): Promise<{ reply: Reply; dropReply: boolean }> {
  let media = false
  try {
    const found = route(serving.routes, incoming)
    const { call, counted, handle } = found.route
    media = call === 'objects.getMedia'
    if (counted !== false) serving.counter.count(call)
    const { fail, dropReply } = await serving.faults.meet(call)
    if (fail) throw unavailable()
    serving.authorize?.(call, found.request)
    const reply = await handle(found.request)
    serving.afterCall()
    return { reply, dropReply }
  } catch (error) {
    return { reply: refusal(error, media), dropReply: false }
  }
}

/** A refused download is answered with plain text; everything else with the error document. */
function refusal(error: unknown, media: boolean): Reply {
  const known =
    error instanceof GcsError ? error : new GcsError(500, 'internalError', `Internal error: ${String(error)}`)
  if (known.code === 304) return { status: 304 }
  if (media)
    return {
      status: known.code,
      headers: { 'content-type': 'text/html; charset=UTF-8' },
      body: known.message,
    }
  return json(known.document(), {}, known.code)
}
