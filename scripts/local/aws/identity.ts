import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { CallCounter } from '../calls.ts'
import { type FaultPlanInput, Faults } from '../faults.ts'
import type { LocalService } from '../service.ts'
import { IamCalls, type IamOptions } from './iam.ts'
import { element, QueryError, queryError, queryReply } from './query.ts'

/**
 * IAM and STS on one port: roles with their trust and inline policies, and whose credentials a caller has.
 *
 * Not modelled: signatures, users, managed policies, and permissions: nothing looks at what a role may do.
 */
export async function startIdentity(
  options: IamOptions & { readonly port?: number; readonly faults?: FaultPlanInput },
): Promise<LocalService> {
  const calls = new CallCounter()
  const faults = new Faults('iam', options.faults)
  const iam = new IamCalls(options)
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: string } | undefined> => {
    try {
      const form = new URLSearchParams(await text(request))
      const action = form.get('Action') ?? ''
      calls.count(action)
      const { fail, dropReply } = await faults.meet(action)
      if (fail) throw new QueryError(503, 'ServiceUnavailable', 'a fault on purpose: try again')
      const body = action === 'GetCallerIdentity' ? caller(options.account) : iam.answer(form)
      return dropReply ? undefined : { status: 200, body }
    } catch (error) {
      const known =
        error instanceof QueryError ? error : new QueryError(500, 'InternalFailure', String(error))
      return { status: known.status, body: queryError(known) }
    }
  }
  const server = createServer((request, response) => {
    answer(request).then(
      (reply) => {
        if (!reply) return response.destroy()
        return response.writeHead(reply.status, { 'content-type': 'text/xml' }).end(reply.body)
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    name: 'iam',
    environment: { AWS_ENDPOINT_URL_IAM: address, AWS_ENDPOINT_URL_STS: address },
    calls: () => calls.snapshot(),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function caller(account: string): string {
  const arn = `arn:aws:iam::${account}:user/local`
  return queryReply(
    'GetCallerIdentity',
    element('Arn', arn) + element('UserId', 'AIDALOCAL') + element('Account', account),
  )
}
