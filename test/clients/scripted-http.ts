import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** One request that came. */
export interface Heard {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** How one request is answered. */
export type Answer = (response: ServerResponse, heard: Heard) => void

/** An HTTP service on loopback. Requests get the answers that were given, one each; further ones are answered 501. */
export class ScriptedHttp {
  /** All requests, as they came. */
  readonly heard: Heard[] = []
  readonly #answers: Answer[] = []
  readonly #server: Server

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://scripted')
      const heard = {
        method: request.method ?? '',
        path: url.pathname,
        headers: request.headers,
        query: Object.fromEntries(url.searchParams),
        body: await text(request),
      }
      this.heard.push(heard)
      const answer = this.#answers.shift() ?? refusal(501, 'not scripted')
      answer(response, heard)
    })
  }

  static async start(): Promise<ScriptedHttp> {
    const scripted = new ScriptedHttp()
    scripted.#server.listen(0, '127.0.0.1')
    await once(scripted.#server, 'listening')
    return scripted
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Answers the next requests so, in this order. */
  script(...answers: readonly Answer[]): void {
    this.#answers.push(...answers)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

export const json = (resource: unknown): Answer => bytes(JSON.stringify(resource), jsonHeaders)

export const bytes =
  (body: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) => {
    response.writeHead(200, headers).end(body)
  }

/** Refused, in the terms of Google's error document. */
export const refusal =
  (status: number, message = `scripted ${status}`): Answer =>
  (response) => {
    const error = { code: status, message, errors: [{ reason: 'scripted', message }] }
    response.writeHead(status, jsonHeaders).end(JSON.stringify({ error }))
  }

/** Says it is longer than it is, and breaks off. */
export const brokenOff =
  (body: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) => {
    response.writeHead(200, { ...headers, 'content-length': String(body.length + 10) })
    response.write(body, () => response.destroy())
  }

/** The connection is closed without an answer. */
export const hangUp: Answer = (response) => {
  response.destroy()
}

/** Answers so once it is told to; `done` when the connection is through with it. */
export function held(answer: Answer): { answer: Answer; release(): void; readonly done: Promise<void> } {
  const released = Promise.withResolvers<void>()
  const done = Promise.withResolvers<void>()
  return {
    answer: (response, heard) => {
      response.once('close', done.resolve)
      void released.promise.then(() => answer(response, heard))
    },
    release: released.resolve,
    done: done.promise,
  }
}

/** No answer, ever. */
export const silence: Answer = () => undefined

const jsonHeaders = { 'content-type': 'application/json; charset=UTF-8' }
