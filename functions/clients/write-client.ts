import { v1 } from '@google-cloud/bigquery-storage'
import { credentials } from '@grpc/grpc-js'
import type { RowDescriptor } from '../append/descriptor.ts'
import {
  type AppendConnection,
  type CommitReply,
  grpc,
  type TableId,
  type WriteApi,
  WriteApiError,
} from '../append/write-api.ts'
import { messageOf } from '../model/failure.ts'
import { GrpcAppendConnection } from './append-connection.ts'
import { storageErrorName } from './storage-error.ts'

/** Our own retries decide, with offsets in mind: the client's are off. A call may take a minute. */
const once = { timeout: 60_000, retry: null }

/**
 * The Storage Write API over the official generated client. The hand-written writer on top of it is not used: it
 * keeps closed connections for ever, leaves appends pending on close and retries without delay
 * (https://github.com/googleapis/nodejs-bigquery-storage/issues/592).
 */
export class GrpcWriteApi implements WriteApi {
  readonly #client: v1.BigQueryWriteClient
  readonly #project: string

  private constructor(client: v1.BigQueryWriteClient, project: string) {
    this.#client = client
    this.#project = project
  }

  /** Connects. @param endpoint `host:port` of a plaintext server in place of Google's. */
  static async connect(project: string, endpoint: string | undefined): Promise<GrpcWriteApi> {
    const client = new v1.BigQueryWriteClient({ projectId: project, ...(endpoint && plaintext(endpoint)) })
    // Left to the first append, a failure in here would be an unhandled rejection and end the process.
    await client.initialize()
    return new GrpcWriteApi(client, project)
  }

  async createStream(table: TableId): Promise<string> {
    const request = { parent: this.#path(table), writeStream: { type: 'PENDING' as const } }
    const [stream] = await answered(this.#client.createWriteStream(request, once))
    return stream.name ?? ''
  }

  open(stream: string, descriptor: RowDescriptor): AppendConnection {
    const headers = { 'x-goog-request-params': `write_stream=${encodeURIComponent(stream)}` }
    return new GrpcAppendConnection(this.#client.appendRows({ otherArgs: { headers } }), stream, descriptor)
  }

  async finalize(stream: string): Promise<number> {
    const [reply] = await answered(this.#client.finalizeWriteStream({ name: stream }, once))
    return Number(reply.rowCount ?? 0)
  }

  async commit(table: TableId, streams: readonly string[]): Promise<CommitReply> {
    const request = { parent: this.#path(table), writeStreams: [...streams] }
    const [reply] = await answered(this.#client.batchCommitWriteStreams(request, once))
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

  async close(): Promise<void> {
    await this.#client.close()
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
    const code =
      error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : grpc.unknown
    throw new WriteApiError(code, messageOf(error), error)
  }
}
