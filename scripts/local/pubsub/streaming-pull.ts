import { randomUUID } from 'node:crypto'
import type { ServerDuplexStream } from '@grpc/grpc-js'
import type { CallCounter } from '../calls.ts'
import type { Faults } from '../faults.ts'
import { parseAckId } from './ack-id.ts'
import type { Broker } from './broker.ts'
import type { Consumer } from './consumer.ts'
import { requireDeadline } from './deadline.ts'
import type { Delivery } from './deliveries.ts'
import { toReceivedMessage } from './received-message.ts'
import type { Registry } from './registry.ts'
import { failedPrecondition, invalidArgument, type StatusError, unavailable } from './status.ts'
import type { ReceivedMessage, StreamingPullRequest } from './wire.ts'

interface StreamingPullResponse {
  readonly receivedMessages: readonly ReceivedMessage[]
}
type Stream = ServerDuplexStream<StreamingPullRequest, StreamingPullResponse>

export interface StreamingPullContext {
  readonly broker: Broker
  readonly registry: Registry
  readonly faults: Faults
  readonly calls: CallCounter
}

/**
 * Serves one StreamingPull. Opening it counts as a call; faults strike its responses. What it held when it
 * closes stays held until its deadline. Flow control is by messages; a limit in bytes is not modelled.
 */
export function streamingPull(stream: Stream, context: StreamingPullContext): void {
  context.calls.count('StreamingPull')
  let consumer: StreamConsumer | undefined
  const close = () => consumer && context.broker.detach(consumer)
  stream.on('data', (request: StreamingPullRequest) => {
    try {
      consumer ??= open(stream, request, context)
      consumer.receive(request)
    } catch (error) {
      close()
      stream.emit('error', error)
    }
  })
  stream.on('cancelled', close)
  stream.on('error', close)
  stream.on('end', () => {
    close()
    stream.end()
  })
}

function open(stream: Stream, request: StreamingPullRequest, context: StreamingPullContext): StreamConsumer {
  const { name, push } = context.registry.subscription(request.subscription)
  if (push) throw failedPrecondition(`${name} pushes its messages; they cannot be pulled.`)
  const consumer = new StreamConsumer(stream, request, context)
  context.broker.attach(consumer)
  return consumer
}

class StreamConsumer implements Consumer {
  readonly kind = 'pull'
  readonly holder = `stream-${randomUUID()}`
  readonly subscription: string
  readonly #stream: Stream
  readonly #context: StreamingPullContext
  readonly #mostOutstanding: number
  #deadlineSeconds: number

  constructor(stream: Stream, first: StreamingPullRequest, context: StreamingPullContext) {
    this.subscription = first.subscription
    this.#stream = stream
    this.#context = context
    this.#mostOutstanding = Number(first.maxOutstandingMessages) || Infinity
    this.#deadlineSeconds = requireDeadline(first.streamAckDeadlineSeconds, 10)
  }

  /** Acts on what a request says about messages delivered before. The client's keep-alives say nothing. */
  receive(request: StreamingPullRequest): void {
    const { broker } = this.#context
    if (request.streamAckDeadlineSeconds !== 0) {
      this.#deadlineSeconds = requireDeadline(request.streamAckDeadlineSeconds, 10)
    }
    if (request.modifyDeadlineAckIds.length !== request.modifyDeadlineSeconds.length) {
      throw invalidArgument('modify_deadline_ack_ids and modify_deadline_seconds differ in length.')
    }
    broker.acknowledge(this.subscription, request.ackIds.map(parseAckId))
    for (const [index, ackId] of request.modifyDeadlineAckIds.entries()) {
      const seconds = requireDeadline(request.modifyDeadlineSeconds[index] ?? 0, 0)
      if (seconds === 0) broker.giveBack(this.subscription, [parseAckId(ackId)])
      else broker.extend(this.subscription, [parseAckId(ackId)], seconds * 1000)
    }
  }

  deadlineMs(): number {
    return this.#deadlineSeconds * 1000
  }

  room(): number {
    return this.#mostOutstanding - this.#context.broker.heldBy(this)
  }

  resumesAt(): number {
    return Infinity
  }

  deliver(deliveries: readonly Delivery[]): void {
    this.#send(deliveries).catch((error: unknown) => this.#stream.emit('error', error))
  }

  expired(): void {
    // The subscriber finds out when its acknowledgement has no effect, as with the real service.
  }

  end(reason: StatusError): void {
    this.#stream.emit('error', reason)
  }

  async #send(deliveries: readonly Delivery[]): Promise<void> {
    const { broker, faults, registry } = this.#context
    const fault = await faults.meet('StreamingPull')
    if (fault.fail || fault.dropReply) {
      if (fault.fail) broker.giveBack(this.subscription, deliveries)
      throw unavailable('Injected fault: the stream was cut.')
    }
    const subscription = registry.subscription(this.subscription)
    const receivedMessages = deliveries
      .filter((delivery) => broker.disturb(delivery, fault))
      .map((delivery) => toReceivedMessage(delivery, subscription))
    if (receivedMessages.length > 0) this.#stream.write({ receivedMessages })
  }
}
