import { setTimeout as wait } from 'node:timers/promises'
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import { type CopyContext, transfer } from './copier.ts'
import { type Job, parseQueueArn, type Route, routeOf } from './job.ts'
import { OperationRun } from './operation-run.ts'
import { type NewObject, parseS3Event } from './s3-event.ts'
import type { TransferStore } from './store.ts'

/** Messages in work at once. */
const concurrency = 8
/** Seconds a message stays hidden; renewed at half of it while its copy goes on. */
const visibilitySeconds = 10
/** The service shows one operation an hour for an event-driven job (event-driven-aws, 2026-04-08). */
const operationMillis = 60 * 60 * 1000

/**
 * The worker of an event-driven job: takes S3's events from the queue, copies what they name, and deletes
 * each message once all its objects are in the sink, skipped, or gone from S3 (counted as failed).
 * A message whose copy failed comes back after a delay that doubles with each receipt, up to 30 seconds.
 *
 * What is no S3 event is deleted and counted as the call `unknownMessage`; the test event just deleted.
 */
export class EventStream {
  readonly #context: CopyContext
  readonly #store: TransferStore
  readonly #job: Job
  readonly #route: Route
  readonly #queueUrl: string
  readonly #stopping = new AbortController()
  readonly #inWork = new Set<Promise<void>>()
  readonly #finished: Promise<OperationRun>

  /** Begins once `previous`, an earlier worker of the same job, has ended. */
  constructor(context: CopyContext, store: TransferStore, job: Job, previous: Promise<void>) {
    this.#context = context
    this.#store = store
    this.#job = job
    this.#route = routeOf(job)
    const { account, queue } = parseQueueArn(job.eventStream?.name ?? '') ?? { account: '', queue: '' }
    this.#queueUrl = `${context.remotes.sqsEndpoint}/${account}/${queue}`
    this.#finished = previous.then(() => this.#work())
  }

  /** Takes no more messages, waits for the copies in work. The operation stays in progress. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#finished
  }

  /** Stops for good: finishes the operation too. */
  async end(): Promise<void> {
    this.#stopping.abort()
    const run = await this.#finished
    run.finish()
  }

  #currentRun(): OperationRun {
    const { clock } = this.#context
    const latest = this.#store.operation(this.#store.job(this.#job.name ?? '')?.latestOperationName ?? '')
    if (latest && !latest.endTime) return OperationRun.resume(this.#store, clock, latest)
    return OperationRun.start(this.#store, clock, this.#store.job(this.#job.name ?? '') ?? this.#job)
  }

  async #work(): Promise<OperationRun> {
    let run = this.#currentRun()
    while (!this.#stopping.signal.aborted) {
      run = this.#changeHourly(run)
      for (const message of await this.#receive()) {
        const work = this.#handle(message, run).finally(() => this.#inWork.delete(work))
        this.#inWork.add(work)
      }
      if (this.#inWork.size >= concurrency) await Promise.race(this.#inWork)
    }
    await Promise.all(this.#inWork)
    return run
  }

  #changeHourly(run: OperationRun): OperationRun {
    if (this.#context.clock() - run.startedAt < operationMillis) return run
    run.finish()
    return this.#currentRun()
  }

  async #receive(): Promise<Message[]> {
    const abortSignal = this.#stopping.signal
    try {
      const receive = new ReceiveMessageCommand({
        QueueUrl: this.#queueUrl,
        MaxNumberOfMessages: Math.min(10, concurrency - this.#inWork.size),
        WaitTimeSeconds: 20,
        VisibilityTimeout: visibilitySeconds,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      })
      this.#context.calls.count('sqs.ReceiveMessage')
      return (await this.#context.remotes.sqs.send(receive, { abortSignal })).Messages ?? []
    } catch {
      // SQS is away or this worker is being stopped: look again a little later, as the service would.
      if (!abortSignal.aborted) await wait(200)
      return []
    }
  }

  /** Never rejects: a failure leaves the message in the queue. */
  async #handle(message: Message, run: OperationRun): Promise<void> {
    const eventReceivedAt = new Date(this.#context.clock()).toISOString()
    const lease = setInterval(() => this.#hide(message, visibilitySeconds), (visibilitySeconds * 1000) / 2)
    try {
      for (const object of this.#objectsOf(message)) {
        const { key, etag, size, uploadedAt } = object
        const task = { candidate: { key, etag, size }, uploadedAt, eventReceivedAt }
        await transfer(this.#context, this.#route, run, task)
      }
      await this.#context.remotes.sqs.send(
        new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: message.ReceiptHandle }),
      )
    } catch {
      this.#context.calls.count('messageReturned')
      const receipts = Number(message.Attributes?.ApproximateReceiveCount ?? 1)
      await this.#hide(message, Math.min(visibilitySeconds, 2 ** (receipts - 1)))
    } finally {
      clearInterval(lease)
    }
  }

  #objectsOf(message: Message): NewObject[] {
    const objects = parseS3Event(message.Body ?? '')
    if (!objects) this.#context.calls.count('unknownMessage')
    return (objects ?? []).filter((object) => object.bucket === this.#route.sourceBucket)
  }

  async #hide(message: Message, seconds: number): Promise<void> {
    const { ReceiptHandle } = message
    const change = { QueueUrl: this.#queueUrl, ReceiptHandle, VisibilityTimeout: seconds }
    try {
      await this.#context.remotes.sqs.send(new ChangeMessageVisibilityCommand(change))
    } catch {
      // The message comes back at the end of the visibility it has: at worst the object is looked at twice.
      this.#context.calls.count('leaseNotChanged')
    }
  }
}
