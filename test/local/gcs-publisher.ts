import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { type AnyDefinition, fromJSON, type ServiceDefinition } from '@grpc/proto-loader'
import { onTestFinished } from 'vitest'

export interface PublishedMessage {
  readonly topic: string
  readonly messageId: string
  readonly data: string
  readonly attributes: Readonly<Record<string, string>>
}

interface PublishCall {
  readonly request: { topic: string; messages: { data: Buffer; attributes: Record<string, string> }[] }
}
type Answer = (error: null, reply: { messageIds: string[] }) => void

/** A Pub/Sub that accepts everything and remembers it in order of arrival. */
export async function startPublisher(): Promise<{ endpoint: string; published: PublishedMessage[] }> {
  const published: PublishedMessage[] = []
  const publish = ({ request }: PublishCall, answer: Answer) => {
    const messageIds = request.messages.map(({ data, attributes }) => {
      const messageId = String(published.length + 1)
      published.push({ topic: request.topic, messageId, data: data.toString(), attributes })
      return messageId
    })
    answer(null, { messageIds })
  }
  const server = new Server()
  server.addService(publisherService(), { publish })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
    error ? reject(error) : resolve(port),
  )
  onTestFinished(() => server.forceShutdown())
  return { endpoint: `127.0.0.1:${await promise}`, published }
}

/** The service as the official client's own protos define it. */
function publisherService(): ServiceDefinition {
  const client = createRequire(import.meta.url).resolve('@google-cloud/pubsub')
  const protos = JSON.parse(readFileSync(join(dirname(client), '../protos/protos.json'), 'utf8'))
  const service = fromJSON(protos, { defaults: true })['google.pubsub.v1.Publisher']
  if (!service || isMessageOrEnum(service)) throw new Error('the protos define no Publisher service')
  return service
}

function isMessageOrEnum(definition: AnyDefinition): definition is Exclude<AnyDefinition, ServiceDefinition> {
  return 'format' in definition
}
