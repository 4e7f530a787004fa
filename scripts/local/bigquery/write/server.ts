import { mkdir } from 'node:fs/promises'
import { type handleBidiStreamingCall, type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js'
import { CallCounter, type CallCounts } from '../../calls.ts'
import { Faults } from '../../faults.ts'
import type { BigQueryStore } from '../store/store.ts'
import { AppendConnection, type AppendContext } from './append-connection.ts'
import { RowAppender } from './append-rows.ts'
import { CreationQuota } from './creation-quota.ts'
import { type AppendRowsResponse, type Method, methods, type SizedAppendRequest } from './service.ts'
import { StreamRegistry } from './stream-registry.ts'
import { VisibleSchemas } from './visible-schema.ts'
import { WriteCalls } from './write-calls.ts'
import { asWriteError, unavailable } from './write-error.ts'

/**
 * "The size of a single AppendRowsRequest must be less than" 20 MB by https://cloud.google.com/bigquery/quotas#write-api-limits;
 * the comment in the client's own copy of storage.proto still says 10 MB. Read here as the smaller of the two MB.
 */
const maxRequestBytes = 20_000_000
/** Above the limit, so that a request that is too large gets the service's answer and not the transport's. */
const maxMessageBytes = 64 * 1024 * 1024
/** https://cloud.google.com/bigquery/quotas#write-api-limits, as of November 2026. */
const createStreamPerHour = 10_000
/** https://github.com/googleapis/nodejs-bigquery-storage/issues/427 */
const idleMillis = 600_000

export interface BigQueryWriteOptions {
  readonly store: BigQueryStore
  /** Where rows wait that are not in a table yet. Belongs to the store: both together or neither. */
  readonly directory: string
  /** Any free port when absent. */
  readonly port?: number
  readonly faults?: Faults
  readonly maxRequestBytes?: number
  readonly createStreamPerHour?: number
  readonly idleMillis?: number
  /** How long a schema change takes to reach the Write API. Minutes in the service, none by default. */
  readonly schemaDelayMillis?: number
  readonly now?: () => number
}

export interface BigQueryWriteServer {
  /** `127.0.0.1:port`, without TLS. */
  readonly address: string
  readonly environment: Readonly<Record<string, string>>
  /** By the names of the RPCs; AppendRows counts requests, `AppendRows.connect` connections. */
  calls(): CallCounts
  /** Rows acknowledged, or about to be, since the start. */
  rowsAppended(): number
  /** Ends every call and waits for what is under way. The store stays open. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * A stand-in for `google.cloud.bigquery.storage.v1.BigQueryWrite`, strict about offsets, states, schemas and values.
 *
 * What it has acknowledged survives a `kill -9`. Not modelled: Arrow rows, column default values, change data capture
 * (`_CHANGE_TYPE`), flexible column names beyond the annotation, partition decorators, throughput and connection
 * quotas, the expiry of idle streams (a stream and its rows are kept for good), JSON null as distinct from NULL.
 */
export async function startBigQueryWrite(options: BigQueryWriteOptions): Promise<BigQueryWriteServer> {
  await mkdir(options.directory, { recursive: true })
  const registry = await StreamRegistry.open(options.store, options.directory)
  const running = new RunningWriteServer(options, registry)
  await running.listen(options.port ?? 0)
  return running
}

class RunningWriteServer implements BigQueryWriteServer {
  readonly #server = new Server({ 'grpc.max_receive_message_length': maxMessageBytes })
  readonly #counter = new CallCounter()
  readonly #faults: Faults
  readonly #underWay = new Set<Promise<unknown>>()
  #port = 0
  #rows = 0

  constructor(options: BigQueryWriteOptions, registry: StreamRegistry) {
    const { store, now = Date.now } = options
    this.#faults = options.faults ?? new Faults('bigquery')
    const appender = new RowAppender(store, registry)
    const schemas = new VisibleSchemas(options.schemaDelayMillis ?? 0, now)
    const quota = new CreationQuota(options.createStreamPerHour ?? createStreamPerHour, now)
    const calls = new WriteCalls({ store, registry, appender, schemas, quota, now })
    const appends: AppendContext = {
      registry,
      appender,
      schemas,
      faults: this.#faults,
      idleMillis: options.idleMillis ?? idleMillis,
      maxRequestBytes: options.maxRequestBytes ?? maxRequestBytes,
      now,
      active: new Map(),
      countRequest: () => this.#counter.count('AppendRows'),
      countRows: (rows) => {
        this.#rows += rows
      },
    }
    this.#unary('CreateWriteStream', methods.CreateWriteStream, (request) => calls.createWriteStream(request))
    this.#unary('GetWriteStream', methods.GetWriteStream, (request) => calls.getWriteStream(request))
    this.#unary('FinalizeWriteStream', methods.FinalizeWriteStream, (request) =>
      calls.finalizeWriteStream(request),
    )
    this.#unary('BatchCommitWriteStreams', methods.BatchCommitWriteStreams, (request) =>
      calls.batchCommitWriteStreams(request),
    )
    this.#unary('FlushRows', methods.FlushRows, (request) => calls.flushRows(request))
    this.#appendRows(appends)
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  get environment(): Readonly<Record<string, string>> {
    return { CAUSEWAY_BIGQUERY_WRITE_ENDPOINT: this.address }
  }

  calls(): CallCounts {
    return this.#counter.snapshot()
  }

  rowsAppended(): number {
    return this.#rows
  }

  async listen(port: number): Promise<void> {
    this.#port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
        if (!error) resolve(bound)
        else if (!error.message.includes('EADDRINUSE')) reject(error)
        else
          reject(
            new Error(`port ${port} is in use (BigQuery Storage Write): stop what uses it or choose another`),
          )
      })
    })
  }

  async stop(): Promise<void> {
    this.#server.forceShutdown()
    await Promise.all(this.#underWay)
  }

  #unary<Request, Response>(
    name: string,
    { path, encode, decode }: Method<Request, Response>,
    handle: (request: Request) => Promise<Response>,
  ): void {
    const handler: handleUnaryCall<Request, Response> = ({ request }, answer) => {
      this.#track(
        this.#meet(name, () => handle(request)).then(
          (response) => answer(null, response),
          (error: unknown) => answer(asWriteError(error).toServiceError()),
        ),
      )
    }
    this.#server.register(path, handler, encode, decode, 'unary')
  }

  async #meet<Response>(name: string, handle: () => Promise<Response>): Promise<Response> {
    this.#counter.count(name)
    const fault = await this.#faults.meet(name)
    if (fault.fail) throw unavailable()
    const response = await handle()
    if (fault.dropReply) throw unavailable()
    return response
  }

  #appendRows(context: AppendContext): void {
    const { path, encode, decode } = methods.AppendRows
    const handler: handleBidiStreamingCall<SizedAppendRequest, AppendRowsResponse> = (call) => {
      this.#counter.count('AppendRows.connect')
      this.#track(new AppendConnection(call, context).serve())
    }
    this.#server.register(path, handler, encode, decode, 'bidi')
  }

  #track(work: Promise<void>): void {
    this.#underWay.add(work)
    void work.finally(() => this.#underWay.delete(work))
  }
}
