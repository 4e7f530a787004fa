import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { CallCounter } from '../calls.ts'
import { type FaultPlanInput, Faults } from '../faults.ts'
import { projectNumber } from '../project-number.ts'
import type { LocalService } from '../service.ts'

const path = /^\/v1\/projects\/([^/]+)\/services\/([a-z]+\.googleapis\.com)(?::(enable|disable))?$/

/**
 * Service Usage over HTTP: which APIs a project has enabled. All are, but for those in `off` until they are switched on.
 *
 * Not modelled: what an API that is off would refuse, authentication, lists, batches and quotas.
 */
export async function startServiceUsage(options: {
  readonly directory: string
  readonly off: readonly string[]
  readonly faults?: FaultPlanInput
}): Promise<LocalService> {
  const calls = new CallCounter()
  const faults = new Faults('service-usage', options.faults)
  const off = new OffServices(options.directory, options.off)
  const answer = async (method = '', url = ''): Promise<Reply | undefined> => {
    const [, , name = '', change] = path.exec(url) ?? []
    if (name === '' || (method === 'POST') !== (change !== undefined))
      return { status: 404, body: { error: { code: 404, message: `${method} ${url} is not modelled` } } }
    const call = `services.${change ?? 'get'}`
    calls.count(call)
    const { fail, dropReply } = await faults.meet(call)
    if (fail) return { status: 503, body: { error: { code: 503, message: 'a fault on purpose: try again' } } }
    if (change) off.set(name, change === 'disable')
    const parent = `projects/${projectNumber}`
    const state = off.has(name) ? 'DISABLED' : 'ENABLED'
    const service = { name: `${parent}/services/${name}`, parent, config: { name }, state }
    if (dropReply) return undefined
    return {
      status: 200,
      body: change ? { name: 'operations/1', done: true, response: { service } } : service,
    }
  }
  const server = createServer((request, response) => {
    request.resume()
    answer(request.method, request.url).then(
      (reply) => {
        if (!reply) return response.destroy()
        const headers = { 'content-type': 'application/json' }
        return response.writeHead(reply.status, headers).end(JSON.stringify(reply.body))
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    name: 'service-usage',
    environment: { CAUSEWAY_SERVICE_USAGE_ENDPOINT: `http://127.0.0.1:${port}` },
    calls: () => calls.snapshot(),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Reply {
  readonly status: number
  readonly body: object
}

/** The services that are off, in a file. */
class OffServices {
  readonly #file: string
  readonly #names: Set<string>

  constructor(directory: string, initial: readonly string[]) {
    mkdirSync(directory, { recursive: true })
    this.#file = join(directory, 'off.json')
    this.#names = new Set(initial)
    try {
      this.#names = new Set(JSON.parse(readFileSync(this.#file, 'utf8')))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }

  has(name: string): boolean {
    return this.#names.has(name)
  }

  set(name: string, off: boolean): void {
    if (off) this.#names.add(name)
    else this.#names.delete(name)
    writeFileSync(this.#file, JSON.stringify([...this.#names]))
  }
}
