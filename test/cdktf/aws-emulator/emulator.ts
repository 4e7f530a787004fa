import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Fauxqs, openFauxqs } from '../../../scripts/local/aws/fauxqs.ts'
import { IamCalls } from '../../../scripts/local/aws/iam.ts'
import { QueryError, queryError } from '../../../scripts/local/aws/query.ts'
import { CloudWatchCalls } from './cloudwatch.ts'
import { type Answer, S3Calls } from './s3.ts'

export interface AwsEmulator {
  /** Of every service. */
  readonly url: string
  /** Everything that exists in it, as `kind name`. */
  inventory(): string[]
  stop(): Promise<void>
}

/**
 * The AWS APIs that the stack's resources are made through, on one loopback port: S3 and its bucket settings, SQS, IAM,
 * CloudWatch alarms. SQS, buckets and objects are fauxqs's. A call it does not know is an error, never a success.
 */
export async function startAwsEmulator(directory: string): Promise<AwsEmulator> {
  const fauxqs = await openFauxqs(directory, 'us-east-1')
  await fauxqs.app.ready()
  const services = {
    s3: new S3Calls(fauxqs),
    iam: new IamCalls({ account: '000000000000' }),
    monitoring: new CloudWatchCalls(),
  }
  const server = createServer((request, response) => {
    answer(request, fauxqs, services).then(
      (reply) => send(response, reply),
      (error: unknown) => send(response, { status: 500, body: String(error) }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    inventory: () => [
      ...Array.from(fauxqs.sqs.allQueues(), ({ name }) => `queue ${name}`),
      ...Object.values(services).flatMap((service) => service.inventory()),
    ],
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await fauxqs.app.close()
      fauxqs.close()
    },
  }
}

type Services = { readonly s3: S3Calls; readonly iam: IamCalls; readonly monitoring: CloudWatchCalls }

async function answer(request: IncomingMessage, fauxqs: Fauxqs, services: Services): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  // The service a request is for stands in its signature.
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1]
  if (service === 'iam' || service === 'monitoring') return query(services[service], body)
  if (service === 's3') {
    const handled = services.s3.answer(request.method ?? '', request.url ?? '/', body)
    if (handled) return handled
  }
  const method = request.method as 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD'
  const { 'transfer-encoding': _, ...headers } = request.headers
  const reply = await fauxqs.app.inject({ method, url: request.url ?? '/', headers, payload: body })
  if (service === 's3' && reply.statusCode < 300) services.s3.happened(method, request.url ?? '/')
  if (service === 'sqs') dropEmptyAttributes(fauxqs)
  return { status: reply.statusCode, body: reply.rawPayload, headers: reply.headers }
}

/** SQS takes an empty policy for none; fauxqs would keep it. */
function dropEmptyAttributes({ sqs }: Fauxqs): void {
  for (const { attributes } of sqs.allQueues()) {
    for (const [name, value] of Object.entries(attributes)) if (value === '') delete attributes[name]
  }
}

function query(service: { answer(form: URLSearchParams): string }, body: Buffer): Answer {
  const xml = { 'content-type': 'text/xml' }
  try {
    return { status: 200, body: service.answer(new URLSearchParams(body.toString('utf8'))), headers: xml }
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    return { status: error.status, body: queryError(error), headers: xml }
  }
}

function send(response: ServerResponse, { status, body = '', headers = {} }: Answer): void {
  const { 'content-length': _, connection: __, ...rest } = headers
  response.writeHead(status, rest)
  response.end(body)
}
