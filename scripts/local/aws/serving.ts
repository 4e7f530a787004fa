import type { ServerResponse } from 'node:http'
import type { CallCounter } from '../calls.ts'
import type { Fault, Faults } from '../faults.ts'
import { answerBucketSetting } from './bucket-settings.ts'
import type { Fauxqs } from './fauxqs.ts'
import { covers, eventMessage, uploadEvents } from './notification.ts'
import type { Notifications } from './notifications.ts'
import { type AwsOperation, operationOf } from './operation.ts'
import { type ErrorCode, wireError } from './wire-error.ts'

/** Bytes. Fastify holds a body in memory; S3's own limit is 5 GiB. */
const largestBody = 512 * 1024 * 1024

export interface Serving {
  readonly calls: Readonly<Record<AwsOperation['service'], CallCounter>>
  readonly faults: Readonly<Record<AwsOperation['service'], Faults>>
  readonly notifications: Notifications
  readonly region: string
}

interface Call {
  readonly operation: AwsOperation
  readonly fault: Fault
}

interface Reply {
  code(status: number): Reply
  headers(headers: Readonly<Record<string, string>>): Reply
  send(body: string): Reply
}

/**
 * Wraps every request to fauxqs: names and counts the call, refuses what is not modelled, makes faults
 * happen, and puts the event of an upload in its queue before the reply is sent.
 */
export function serveOperations(fauxqs: Fauxqs, serving: Serving): void {
  const { app } = fauxqs
  const current = new WeakMap<object, Call>()

  app.removeContentTypeParser('*')
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestBody }, (_request, body, done) => {
    done(null, body)
  })

  app.addHook('onRequest', async (request, reply) => {
    const { method, url, headers } = request.raw
    const operation = operationOf({ method: method ?? '', url: url ?? '/', headers })
    const service = operation?.service ?? ('x-amz-target' in headers ? 'sqs' : 's3')
    if (!operation) return refuse(reply, service, 'NotImplemented', `${method} ${url} is not modelled`)
    if (method !== 'GET' && method !== 'HEAD' && ('if-match' in headers || 'if-none-match' in headers)) {
      return refuse(reply, service, 'NotImplemented', 'conditional writes are not modelled')
    }
    serving.calls[service].count(operation.call)
    const fault = await serving.faults[service].meet(operation.call)
    if (fault.fail) return refuse(reply, service, 'Unavailable', 'a fault on purpose: try again')
    current.set(request, { operation, fault })
    if (operation.call === 'ReceiveMessage') whenGone(reply.raw, () => endPolls(fauxqs))
  })

  app.addHook('preHandler', async (request, reply) => {
    const call = current.get(request)
    const answer = call && answerBucketSetting({ fauxqs, ...serving }, call.operation, String(request.body))
    if (!answer) return
    return reply.code(answer.status).headers(answer.headers).send(answer.body)
  })

  // Fastify runs this between the handler, which has stored the object, and the first byte of the reply.
  app.addHook('onSend', async (request, reply, payload) => {
    const call = current.get(request)
    if (!call) return payload
    if (reply.statusCode === 200) announceUpload(fauxqs, serving, call)
    if (call.fault.dropReply) request.raw.socket.destroy()
    else if (call.operation.call === 'ReceiveMessage') whenGone(reply.raw, () => takeBack(fauxqs, payload))
    return payload
  })

  app.setErrorHandler((error: Error & { code?: string }, request, reply) => {
    const service = current.get(request)?.operation.service ?? 's3'
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
      const message = `at most ${largestBody} bytes in one request here: upload in parts`
      return refuse(reply, service, 'EntityTooLarge', message)
    }
    return refuse(reply, service, 'InternalError', error.message)
  })
}

function refuse<R extends Reply>(
  reply: R,
  service: AwsOperation['service'],
  code: ErrorCode,
  text: string,
): R {
  const { status, headers, body } = wireError(service, code, text)
  reply.code(status).headers(headers).send(body)
  return reply
}

/**
 * Puts the event of an upload in the queues of the notifications that cover it. Delivery is a `SendMessage`
 * to the faults of SQS, so that a plan can duplicate or delay events under either service's name.
 */
function announceUpload(fauxqs: Fauxqs, serving: Serving, { operation, fault }: Call): void {
  const eventName = uploadEvents[operation.call]
  if (operation.service !== 's3' || !eventName) return
  const { bucket, key } = operation
  const { etag, contentLength, lastModified } = fauxqs.s3.headObject(bucket, key)
  const upload = {
    eventName,
    bucket,
    key,
    size: contentLength,
    etag: etag.replaceAll('"', ''),
    at: lastModified,
  }
  for (const notification of serving.notifications.all().filter((one) => covers(one, operation))) {
    const delivery = serving.faults.sqs.draw('SendMessage')
    const delayMs = Math.max(fault.reorderMs, delivery.reorderMs)
    const copies = fault.duplicate || delivery.duplicate ? 2 : 1
    const body = eventMessage({ ...upload, region: serving.region }, notification)
    for (let copy = 0; copy < copies; copy++) {
      fauxqs.sqs.getQueueByName(notification.queue)?.enqueue(fauxqs.createMessage(body, delayMs / 1000))
    }
  }
}

/** Acts when a client has gone before its reply was written. */
function whenGone(response: ServerResponse, act: () => void): void {
  response.once('close', () => {
    if (!response.writableFinished) act()
  })
}

/**
 * fauxqs lets a long poll go on when its client has gone, to swallow the next message for the length of the
 * visibility timeout. This ends all polls under way, empty; those whose clients are there ask again.
 */
function endPolls(fauxqs: Fauxqs): void {
  for (const queue of fauxqs.sqs.allQueues()) queue.cancelWaiters()
}

/** Makes the messages of a reply that nobody read visible again. */
function takeBack(fauxqs: Fauxqs, payload: unknown): void {
  const { Messages = [] }: { Messages?: { ReceiptHandle: string }[] } = JSON.parse(String(payload))
  for (const { ReceiptHandle } of Messages) {
    for (const queue of fauxqs.sqs.allQueues()) queue.changeVisibility(ReceiptHandle, 0)
  }
}
