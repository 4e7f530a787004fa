import { status } from '@grpc/grpc-js'
import { runBatch } from './batch.ts'
import type { CopyContext } from './copier.ts'
import { EventStream } from './event-stream.ts'
import { type Job, JobStatus, type Operation, routeOf } from './job.ts'
import { OperationRun } from './operation-run.ts'
import { RpcError } from './rpc.ts'
import type { TransferStore } from './store.ts'

/** What is running: a worker for each enabled event-driven job, and the batch operations in progress. */
export class Runs {
  readonly #context: CopyContext
  readonly #store: TransferStore
  readonly #streams = new Map<string, EventStream>()
  readonly #batches = new Set<Promise<void>>()
  readonly #stopping = new AbortController()

  constructor(context: CopyContext, store: TransferStore) {
    this.#context = context
    this.#store = store
  }

  /** Takes up what an earlier process left: enabled event streams and unfinished batch operations. */
  recover(): void {
    for (const job of this.#store.jobs()) this.follow(job)
    for (const operation of this.#store.operations()) {
      const job = this.#store.job(operation.transferJobName ?? '')
      if (!job || job.eventStream || operation.endTime) continue
      const again = { ...operation, counters: {}, errorBreakdowns: [] }
      this.#startBatch(job, OperationRun.resume(this.#store, this.#context.clock, again))
    }
  }

  /** Starts or stops the worker of an event-driven job as its status and specification now say. */
  follow(job: Job): void {
    const name = job.name ?? ''
    const previous = this.#streams.get(name)?.end() ?? Promise.resolve()
    this.#streams.delete(name)
    this.#track(previous)
    if (job.eventStream && job.status === JobStatus.ENABLED) {
      this.#streams.set(name, new EventStream(this.#context, this.#store, job, previous))
    }
  }

  /** Runs a job once. A job has at most one operation in progress (transfer.proto). */
  start(job: Job): Operation {
    const latest = this.#store.operation(job.latestOperationName ?? '')
    if (latest && !latest.endTime) {
      throw new RpcError(status.FAILED_PRECONDITION, `${job.name} is already running as ${latest.name}`)
    }
    if (job.eventStream)
      throw new RpcError(status.FAILED_PRECONDITION, `${job.name} runs on its event stream`)
    const run = OperationRun.start(this.#store, this.#context.clock, job)
    this.#startBatch(job, run)
    return this.#store.operation(run.name) ?? {}
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all([...this.#streams.values()].map((stream) => stream.stop()))
    await Promise.all(this.#batches)
  }

  #startBatch(job: Job, run: OperationRun): void {
    this.#track(runBatch(this.#context, routeOf(job), run, this.#stopping.signal))
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#batches.delete(tracked))
    this.#batches.add(tracked)
  }
}
