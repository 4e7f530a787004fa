import { mkdir } from 'node:fs/promises'
import { type handleBidiStreamingCall, type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js'
import { CallCounter, type CallCounts } from '../../calls.ts'
import { Faults } from '../../faults.ts'
import type { Access } from '../../permissions/access.ts'
import type { BigQueryStore } from '../store/store.ts'
import { AppendConnection, type AppendContext, type SchemaMismatch } from './append-connection.ts'
import { RowAppender } from './append-rows.ts'
import { authorize } from './authorize.ts'
import { ConcurrentCalls } from './concurrent-calls.ts'
import { CreationQuota } from './creation-quota.ts'
import { type AppendRowsResponse, type Method, methods, type SizedAppendRequest } from './service.ts'
import { StreamLife } from './stream-life.ts'
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
/** The same page: 5,000 a region, and 20,000 in the multi-regions US and EU. The smaller of them here. */
const maxConnections = 5_000
/**
 * Google's front ends allow 100 calls at once on one HTTP/2 connection: the hundred and first append of
 * https://github.com/googleapis/nodejs-bigquery-storage/issues/423 hangs. It is the client that holds further calls
 * back, until another ends: https://grpc.io/docs/guides/performance/.
 */
const maxConcurrentStreams = 100
/** See `stream-life.ts`. */
const streamLifeMillis = 7 * 86_400_000
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
  /** No limit when absent: none is published, but there are reports of one, of a sixtieth of that of an hour. */
  readonly createStreamPerMinute?: number
  /** AppendRows calls that are open at once. One more ends with RESOURCE_EXHAUSTED. */
  readonly maxConnections?: number
  /** Calls at once on one HTTP/2 connection, AppendRows and all others. What is more waits. */
  readonly maxConcurrentStreams?: number
  readonly idleMillis?: number
  /** After so long without a request for it, a stream is gone that is not of type COMMITTED. */
  readonly streamLifeMillis?: number
  /** `ends the call` when absent, as in the service; `in the response`, as its reference could be read. */
  readonly schemaMismatch?: SchemaMismatch
  /** How long a schema change takes to reach the Write API. Minutes in the service, none by default. */
  readonly schemaDelayMillis?: number
  readonly now?: () => number
  /** Callers with addresses and permissions of their own. */
  readonly callers?: readonly Access[]
}

export interface BigQueryWriteServer {
  /** `127.0.0.1:port`, without TLS. */
  readonly address: string
  readonly environment: Readonly<Record<string, string>>
  /** Environment variables that make an official client one of the callers. */
  environmentOf(caller: Access): Readonly<Record<string, string>>
  /** By the names of the RPCs; AppendRows counts requests, `AppendRows.connect` connections. */
  calls(): CallCounts
  /** Rows acknowledged, or about to be, since the start. */
  rowsAppended(): number
  /** AppendRows calls that are open now. */
  connections(): number
  /** Ends every call and waits for what is under way. The store stays open. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * A stand-in for `google.cloud.bigquery.storage.v1.BigQueryWrite`, strict about offsets, states, schemas and values.
 *
 * What it has acknowledged survives a `kill -9`. A caller is known by the address it comes by, and refused what is not
 * granted to it. Not modelled: Arrow rows, column default values, change data capture
 * (`_CHANGE_TYPE`), flexible column names beyond the annotation, partition decorators, throughput quotas, the expiry
 * of COMMITTED streams, JSON null as distinct from NULL.
 */
export async function startBigQueryWrite(options: BigQueryWriteOptions): Promise<BigQueryWriteServer> {
  await mkdir(options.directory, { recursive: true })
  const life = new StreamLife(options.streamLifeMillis ?? streamLifeMillis, options.now ?? Date.now)
  const registry = await StreamRegistry.open(options.store, options.directory, life)
  const running = new RunningWriteServer(options, registry)
  await running.listen(options.port ?? 0, options.callers ?? [])
  return running
}

class RunningWriteServer implements BigQueryWriteServer {
  readonly #server = new Server({ 'grpc.max_receive_message_length': maxMessageBytes })
  readonly #concurrent: ConcurrentCalls
  readonly #counter = new CallCounter()
  readonly #faults: Faults
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #open = new Set<AppendConnection>()
  /** By the address each comes by. */
  readonly #callers = new Map<string, Access>()
  #port = 0
  #rows = 0

  constructor(options: BigQueryWriteOptions, registry: StreamRegistry) {
    const { store, now = Date.now } = options
    this.#concurrent = new ConcurrentCalls(options.maxConcurrentStreams ?? maxConcurrentStreams)
    this.#faults = options.faults ?? new Faults('bigquery')
    const appender = new RowAppender(store, registry)
    const schemas = new VisibleSchemas(options.schemaDelayMillis ?? 0, now)
    const quota = new CreationQuota(
      {
        perHour: options.createStreamPerHour ?? createStreamPerHour,
        perMinute: options.createStreamPerMinute ?? Infinity,
      },
      now,
    )
    const calls = new WriteCalls({ store, registry, appender, schemas, quota, now })
    const appends = {
      registry,
      appender,
      schemas,
      faults: this.#faults,
      idleMillis: options.idleMillis ?? idleMillis,
      maxRequestBytes: options.maxRequestBytes ?? maxRequestBytes,
      schemaMismatch: options.schemaMismatch ?? 'ends the call',
      maxConnections: options.maxConnections ?? maxConnections,
      now,
      open: this.#open,
      active: new Map(),
      countRequest: () => this.#counter.count('AppendRows'),
      countRows: (rows: number) => {
        this.#rows += rows
      },
    }
    this.#unary('CreateWriteStream', methods.CreateWriteStream, {
      on: ({ parent }) => parent,
      handle: (request) => calls.createWriteStream(request),
    })
    this.#unary('GetWriteStream', methods.GetWriteStream, {
      on: ({ name }) => name,
      handle: (request) => calls.getWriteStream(request),
    })
    this.#unary('FinalizeWriteStream', methods.FinalizeWriteStream, {
      on: ({ name }) => name,
      handle: (request) => calls.finalizeWriteStream(request),
    })
    this.#unary('BatchCommitWriteStreams', methods.BatchCommitWriteStreams, {
      on: ({ parent }) => parent,
      handle: (request) => calls.batchCommitWriteStreams(request),
    })
    this.#unary('FlushRows', methods.FlushRows, {
      on: ({ writeStream }) => writeStream,
      handle: (request) => calls.flushRows(request),
    })
    this.#appendRows(appends)
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  get environment(): Readonly<Record<string, string>> {
    return { CAUSEWAY_BIGQUERY_WRITE_ENDPOINT: this.address }
  }

  environmentOf(caller: Access): Readonly<Record<string, string>> {
    for (const [address, access] of this.#callers)
      if (access === caller) return { CAUSEWAY_BIGQUERY_WRITE_ENDPOINT: address }
    throw new Error(`${caller.account} is not among the callers BigQuery was started with`)
  }

  calls(): CallCounts {
    return this.#counter.snapshot()
  }

  rowsAppended(): number {
    return this.#rows
  }

  connections(): number {
    return this.#open.size
  }

  async listen(port: number, callers: readonly Access[]): Promise<void> {
    this.#port = await this.#bind(port)
    for (const access of callers) this.#callers.set(`127.0.0.1:${await this.#bind(0)}`, access)
  }

  #bind(port: number): Promise<number> {
    return new Promise<number>((resolve, reject) => {
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
    { on, handle }: { on: (request: Request) => string; handle: (request: Request) => Promise<Response> },
  ): void {
    const handler: handleUnaryCall<Request, Response> = (call, answer) => {
      this.#run(call.getPeer(), () =>
        this.#meet(name, () => {
          authorize(this.#callers.get(call.getHost()), on(call.request))
          return handle(call.request)
        }).then(
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

  #appendRows(context: Omit<AppendContext, 'access'>): void {
    const { path, encode, decode } = methods.AppendRows
    const handler: handleBidiStreamingCall<SizedAppendRequest, AppendRowsResponse> = (call) => {
      this.#run(call.getPeer(), () => {
        this.#counter.count('AppendRows.connect')
        return new AppendConnection(call, { ...context, access: this.#callers.get(call.getHost()) }).serve()
      })
    }
    this.#server.register(path, handler, encode, decode, 'bidi')
  }

  #run(peer: string, call: () => Promise<void>): void {
    const work = this.#concurrent.run(peer, call)
    this.#underWay.add(work)
    void work.finally(() => this.#underWay.delete(work))
  }
}
