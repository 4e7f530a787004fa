import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Pushed {
  readonly headers: IncomingHttpHeaders
  readonly path: string
  readonly body: {
    readonly message: {
      readonly data?: string
      readonly attributes?: Readonly<Record<string, string>>
      readonly messageId: string
      readonly publishTime: string
    }
    readonly subscription: string
    readonly deliveryAttempt?: number
  }
}

/** A push endpoint that keeps what it gets. `answer` gives the status; until it does the push is open. */
export async function startEndpoint(answer: (pushed: Pushed, index: number) => number | Promise<number>) {
  const received: Pushed[] = []
  const cutOff: Pushed[] = []
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as Pushed['body']
    const pushed = { headers: request.headers, path: request.url ?? '', body }
    response.on('close', () => response.writableEnded || cutOff.push(pushed))
    response.writeHead(await answer(pushed, received.push(pushed) - 1)).end()
  })
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/projects/p/topics/source`,
    received,
    /** Pushes whose sender went away before the answer. */
    cutOff,
    listenAgain: () => listen(port),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

export const dataOf = ({ body }: Pushed): string => Buffer.from(body.message.data ?? '', 'base64').toString()
