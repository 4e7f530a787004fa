import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What a plan reads of a Google project that is there and in which nothing is enabled yet: itself, its billing, its services.
 * https://cloud.google.com/resource-manager/reference/rest/v1/projects/get
 * https://cloud.google.com/service-usage/docs/reference/rest/v1/services/list
 */
export async function startProject(projectId: string) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://localhost').pathname
    asked.push(`${request.method} ${path}`)
    response.setHeader('Content-Type', 'application/json')
    if (path === `/v1/projects/${projectId}`)
      response.end(JSON.stringify({ projectId, projectNumber: '123456789012', lifecycleState: 'ACTIVE' }))
    else if (path === '/v1/projects/123456789012/services' || path === `/v1/projects/${projectId}/services`)
      response.end(JSON.stringify({ services: [] }))
    else if (path === `/v1/projects/${projectId}/billingInfo`)
      response.end(
        JSON.stringify({ projectId, billingAccountName: 'billingAccounts/0', billingEnabled: true }),
      )
    else response.writeHead(404).end(JSON.stringify({ error: { code: 404, message: `no ${path} here` } }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every request, a line each. */
    asked: () => asked.join('\n'),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
