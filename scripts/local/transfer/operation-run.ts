import { randomBytes } from 'node:crypto'
import { protos } from '@google-cloud/storage-transfer'
import { type Job, type Operation, OperationStatus, timestamp } from './job.ts'
import type { CopyResult } from './object-copy.ts'
import type { TransferStore } from './store.ts'

/** One execution of a job: counts what happens to its objects, and is on disk after every change. */
export class OperationRun {
  readonly name: string
  readonly startedAt: number
  readonly #store: TransferStore
  readonly #clock: () => number
  #operation: Operation

  private constructor(store: TransferStore, clock: () => number, operation: Operation) {
    this.#store = store
    this.#clock = clock
    this.#operation = operation
    this.name = operation.name ?? ''
    this.startedAt = Number(operation.startTime?.seconds ?? 0) * 1000
  }

  /** Starts an operation of a job and makes it the job's latest. */
  static start(store: TransferStore, clock: () => number, job: Job): OperationRun {
    const jobId = (job.name ?? '').replace('transferJobs/', '')
    const run = OperationRun.resume(store, clock, {
      name: `transferOperations/${jobId.replaceAll(/[^A-Za-z0-9-]/g, '-')}-${randomBytes(8).toString('hex')}`,
      projectId: job.projectId ?? '',
      transferSpec: job.transferSpec ?? null,
      loggingConfig: job.loggingConfig ?? null,
      startTime: timestamp(clock()),
      status: OperationStatus.IN_PROGRESS,
      transferJobName: job.name ?? '',
    })
    store.putJob({ ...job, latestOperationName: run.name })
    return run
  }

  /** Goes on with an operation that is in progress. */
  static resume(store: TransferStore, clock: () => number, operation: Operation): OperationRun {
    const run = new OperationRun(store, clock, operation)
    run.#save()
    return run
  }

  count(result: CopyResult, source: string): void {
    if (result.outcome === 'failed') {
      this.fail(protos.google.rpc.Code.NOT_FOUND, source, result.error)
      return
    }
    if (result.outcome === 'copied') {
      this.#add('objectsFoundFromSource', 'bytesFoundFromSource', result.bytes)
      this.#add('objectsCopiedToSink', 'bytesCopiedToSink', result.bytes)
    } else this.#add('objectsFromSourceSkippedBySync', 'bytesFromSourceSkippedBySync', result.bytes)
    this.#save()
  }

  /** Counts an object that could not be transferred. At most five of a code are described. */
  fail(code: protos.google.rpc.Code, url: string, detail: string): void {
    this.#add('objectsFromSourceFailed', 'bytesFromSourceFailed', 0)
    const errors = this.#operation.errorBreakdowns ?? []
    const summary = errors.find((one) => one.errorCode === code) ?? { errorCode: code, errorLogEntries: [] }
    if (!errors.includes(summary)) errors.push(summary)
    summary.errorCount = Number(summary.errorCount ?? 0) + 1
    if ((summary.errorLogEntries?.length ?? 0) < 5)
      summary.errorLogEntries?.push({ url, errorDetails: [detail] })
    this.#operation = { ...this.#operation, errorBreakdowns: errors }
    this.#save()
  }

  finish(): void {
    const failed = (this.#operation.errorBreakdowns?.length ?? 0) > 0
    const status = failed ? OperationStatus.FAILED : OperationStatus.SUCCESS
    this.#operation = { ...this.#operation, status, endTime: timestamp(this.#clock()) }
    this.#save()
  }

  #add(objects: CounterName, bytes: CounterName, size: number): void {
    const counters = this.#operation.counters ?? {}
    const added = {
      [objects]: Number(counters[objects] ?? 0) + 1,
      [bytes]: Number(counters[bytes] ?? 0) + size,
    }
    this.#operation = { ...this.#operation, counters: { ...counters, ...added } }
  }

  #save(): void {
    this.#store.putOperation(this.#operation)
  }
}

type CounterName = keyof protos.google.storagetransfer.v1.ITransferCounters
