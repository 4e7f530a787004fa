import { credentials } from '@grpc/grpc-js'
import {
  type AppendConnection,
  type CommitReply,
  type TableId,
  type WriteApi,
  WriteApiError,
} from '../append/write-api.ts'
import { messageOf } from '../model/failure.ts'
import type { RowDescriptor } from '../split/encode/descriptor.ts'
import { GrpcAppendConnection } from './append-connection.ts'
import { grpcCodeOf, storageErrorName, storageErrorOf } from './storage-error.ts'
import { WriteChannels } from './write-channels.ts'

/** Milliseconds a call, or an append, may take. */
const minute = 60_000

/**
 * The Storage Write API over the official generated client. The hand-written writer on top of it is not used: it
 * keeps closed connections for ever, leaves appends pending on close and retries without delay
 * (https://github.com/googleapis/nodejs-bigquery-storage/issues/592).
 */
export class GrpcWriteApi implements WriteApi {
  readonly #channels: WriteChannels
  readonly #project: string
  readonly #timeoutMs: number
  /** Our own retries decide, with offsets in mind: the client's are off. */
  readonly #once
  readonly #open = new Set<AppendConnection>()

  private constructor(channels: WriteChannels, project: string, timeoutMs: number) {
    this.#channels = channels
    this.#project = project
    this.#timeoutMs = timeoutMs
    this.#once = { timeout: timeoutMs, retry: null }
  }

  /**
   * Connects.
   * @param endpoint `host:port` of a plaintext server in place of Google's.
   * @param timeoutMs milliseconds to wait for any answer.
   */
  static async connect(
    project: string,
    endpoint: string | undefined,
    timeoutMs = minute,
  ): Promise<GrpcWriteApi> {
    const options = { projectId: project, ...(endpoint && plaintext(endpoint)) }
    return new GrpcWriteApi(await WriteChannels.open(options), project, timeoutMs)
  }

  async createStream(table: TableId): Promise<string> {
    const request = { parent: this.#path(table), writeStream: { type: 'BUFFERED' as const } }
    const [stream] = await answered(this.#channels.calls.createWriteStream(request, this.#once))
    return stream.name ?? ''
  }

  open(stream: string, descriptor: RowDescriptor): AppendConnection {
    const headers = { 'x-goog-request-params': `write_stream=${encodeURIComponent(stream)}` }
    const { client, release } = this.#channels.forAppends()
    const call = client.appendRows({ otherArgs: { headers } })
    const onEnd = () => {
      this.#open.delete(connection)
      release()
    }
    const connection = new GrpcAppendConnection(call, {
      stream,
      descriptor,
      timeoutMs: this.#timeoutMs,
      onEnd,
    })
    this.#open.add(connection)
    return connection
  }

  async flush(stream: string, offset: number): Promise<void> {
    await answered(
      this.#channels.calls.flushRows({ writeStream: stream, offset: { value: offset } }, this.#once),
    )
  }

  async commit(table: TableId, streams: readonly string[]): Promise<CommitReply> {
    const request = { parent: this.#path(table), writeStreams: [...streams] }
    const [reply] = await answered(this.#channels.calls.batchCommitWriteStreams(request, this.#once))
    // An answer can be OK and have committed nothing: only commit_time tells.
    if (reply.commitTime) return { kind: 'committed' }
    const errors = (reply.streamErrors ?? []).map((error) => ({
      code: storageErrorName(error.code) ?? 'UNKNOWN',
      message: error.errorMessage ?? '',
    }))
    return { kind: 'refused', errors }
  }

  defaultStream(table: TableId): string {
    return `${this.#path(table)}/streams/_default`
  }

  /** Ends every connection. What is called afterwards is answered with an error. */
  async close(): Promise<void> {
    for (const connection of this.#open) connection.close()
    await this.#channels.close()
  }

  #path(table: TableId): string {
    return `projects/${this.#project}/datasets/${table.dataset}/tables/${table.name}`
  }
}

function plaintext(endpoint: string) {
  const [apiEndpoint, port] = endpoint.split(':')
  return { apiEndpoint, port: Number(port), sslCreds: credentials.createInsecure() }
}

async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw new WriteApiError(grpcCodeOf(error), messageOf(error), error, storageErrorOf(error))
  }
}
