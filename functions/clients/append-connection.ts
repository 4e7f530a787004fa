import type { protos, v1 } from '@google-cloud/bigquery-storage'
import { type AppendConnection, type AppendReply, grpc } from '../append/write-api.ts'
import { messageOf } from '../model/failure.ts'
import type { RowDescriptor } from '../split/encode/descriptor.ts'
import { grpcCodeOf, storageErrorIn, storageErrorOf } from './storage-error.ts'

type Call = ReturnType<v1.BigQueryWriteClient['appendRows']>
type Request = protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest
type Response = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse

export interface AppendConnectionParts {
  readonly stream: string
  readonly descriptor: RowDescriptor
  /** Milliseconds to wait for a reply. */
  readonly timeoutMs: number
  /** Called once when it takes no more, whoever ended it. */
  readonly onEnd: () => void
}

/** One AppendRows call: a request and its reply at a time, in order. Listens for errors from the first moment. */
export class GrpcAppendConnection implements AppendConnection {
  readonly #call: Call
  readonly #onEnd: () => void
  readonly #stream: string
  readonly #descriptor: RowDescriptor
  readonly #timeoutMs: number
  readonly #waiting: ((reply: AppendReply) => void)[] = []
  #sentAny = false
  #lost: AppendReply | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(call: Call, { stream, descriptor, timeoutMs, onEnd }: AppendConnectionParts) {
    this.#call = call
    this.#onEnd = onEnd
    this.#stream = stream
    this.#descriptor = descriptor
    this.#timeoutMs = timeoutMs
    call.on('data', (response: Response) => {
      // A change of schema may come by itself: then it answers no request.
      if (!response.error && !response.appendResult) return
      this.#waiting.shift()?.(replyOf(response))
      this.#watch()
    })
    call.on('error', (error) => this.#lose(grpcCodeOf(error), messageOf(error), storageErrorOf(error)))
    call.on('end', () => this.#lose(grpc.unavailable, 'the connection ended'))
    call.on('close', () => this.#lose(grpc.unavailable, 'the connection was closed'))
  }

  append(rows: readonly Buffer[], offset: number | undefined): Promise<AppendReply> {
    if (this.#lost) return Promise.resolve(this.#lost)
    const { promise, resolve } = Promise.withResolvers<AppendReply>()
    this.#waiting.push(resolve)
    if (this.#waiting.length === 1) this.#watch()
    this.#call.write(this.#request(rows, offset))
    return promise
  }

  close(): void {
    this.#giveUp(grpc.cancelled, 'the connection was given up')
  }

  /** The stream and the schema go with the first request only; they hold for the connection. */
  #request(rows: readonly Buffer[], offset: number | undefined): Request {
    const first = !this.#sentAny
    this.#sentAny = true
    return {
      ...(first && { writeStream: this.#stream }),
      ...(offset !== undefined && { offset: { value: offset } }),
      protoRows: {
        ...(first && { writerSchema: { protoDescriptor: this.#descriptor as Descriptor } }),
        rows: { serializedRows: [...rows] },
      },
    }
  }

  /** Begins waiting for the next reply, if one is due. */
  #watch(): void {
    clearTimeout(this.#timer)
    if (this.#waiting.length === 0) return
    this.#timer = setTimeout(() => this.#giveUp(grpc.deadlineExceeded, 'no answer in time'), this.#timeoutMs)
  }

  /** Ends the call on both sides. Destroyed alone, with a request on its way, it would stay open at the service. */
  #giveUp(code: number, message: string): void {
    this.#lose(code, message)
    // A call cancelled in the turn it starts in is forgotten by the client, and opened all the same.
    setImmediate(() => this.#call.cancel())
    this.#call.destroy()
  }

  #lose(code: number, message: string, storageError?: string): void {
    clearTimeout(this.#timer)
    if (!this.#lost) this.#onEnd()
    this.#lost ??= { kind: 'lost', code, message, storageError }
    for (const resolve of this.#waiting.splice(0)) resolve(this.#lost)
  }
}

type Descriptor = protos.google.protobuf.IDescriptorProto

function replyOf(response: Response): AppendReply {
  const { error, appendResult } = response
  if (!error) return { kind: 'appended', ...offsetOf(appendResult?.offset?.value) }
  const rows = (response.rowErrors ?? []).slice(0, 3).map((row) => `row ${row.index}: ${row.message}`)
  return {
    kind: 'refused',
    code: error.code ?? grpc.unknown,
    storageError: storageErrorIn(error.details),
    message: [error.message, ...rows].join('; '),
  }
}

function offsetOf(value: unknown): { offset?: number } {
  return value === undefined || value === null ? {} : { offset: Number(value) }
}
