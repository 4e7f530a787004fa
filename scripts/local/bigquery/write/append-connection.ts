import { type ServerDuplexStream, status } from '@grpc/grpc-js'
import type { Faults } from '../../faults.ts'
import type { Access } from '../../permissions/access.ts'
import type { RowAppender } from './append-rows.ts'
import { AppendTarget } from './append-target.ts'
import { authorize } from './authorize.ts'
import { decodeRows } from './row-json.ts'
import type { AppendRowsRequest, AppendRowsResponse, SizedAppendRequest } from './service.ts'
import type { StreamRegistry } from './stream-registry.ts'
import type { VisibleSchemas } from './visible-schema.ts'
import { asWriteError, invalidArgument, unavailable, WriteError } from './write-error.ts'

/** How a request is refused whose schema has fields that the table has not. */
export type SchemaMismatch = 'ends the call' | 'in the response'

export interface AppendContext {
  readonly registry: StreamRegistry
  readonly appender: RowAppender
  readonly schemas: VisibleSchemas
  readonly faults: Faults
  /** Who called; undefined for one who may do everything. */
  readonly access: Access | undefined
  readonly idleMillis: number
  readonly maxRequestBytes: number
  readonly now: () => number
  readonly schemaMismatch: SchemaMismatch
  readonly maxConnections: number
  /** All that have not ended. */
  readonly open: Set<AppendConnection>
  /** The connection that writes to each created stream, by the stream's name. */
  readonly active: Map<string, AppendConnection>
  readonly countRequest: () => void
  readonly countRows: (rows: number) => void
}

/**
 * One AppendRows call.
 *
 * Requests are handled one after another and answered in order. Trouble with a request (offset, rows, types, size)
 * is an error inside its response, and the connection goes on, as `AppendRowsResponse.error` says. Trouble with the
 * connection (no such stream, no permission, no schema, idle, superseded, one too many) ends the call with a status. So does, unless
 * asked otherwise, a schema with fields that the table has not: "send request with mismatched proto descriptor" in
 * https://github.com/googleapis/nodejs-bigquery-storage/blob/main/system-test/managed_writer_client_test.ts finds that
 * error in the trailers of the call.
 */
export class AppendConnection {
  readonly #call: ServerDuplexStream<SizedAppendRequest, AppendRowsResponse>
  readonly #context: AppendContext
  readonly #targets = new Map<string, AppendTarget>()
  #current: AppendTarget | undefined
  #idle: NodeJS.Timeout | undefined
  #ended = false

  constructor(call: ServerDuplexStream<SizedAppendRequest, AppendRowsResponse>, context: AppendContext) {
    this.#call = call
    this.#context = context
  }

  /** Serves until either side ends the call. Never rejects. */
  async serve(): Promise<void> {
    const { open, maxConnections } = this.#context
    if (open.size >= maxConnections) {
      const message = `Exceeds 'Concurrent connections' quota: ${maxConnections}.`
      this.#fail(new WriteError(status.RESOURCE_EXHAUSTED, message))
      return
    }
    open.add(this)
    this.#call.on('cancelled', () => this.#close())
    this.#watchIdle()
    try {
      for await (const request of this.#call.iterator({ destroyOnReturn: false })) {
        if (this.#ended) return
        clearTimeout(this.#idle)
        await this.#request(request)
        this.#watchIdle()
      }
      if (this.#close()) this.#call.end()
    } catch (error) {
      this.#fail(asWriteError(error))
    }
  }

  async #request({ message, bytes }: SizedAppendRequest): Promise<void> {
    this.#context.countRequest()
    const fault = await this.#context.faults.meet('AppendRows')
    if (fault.fail) throw unavailable()
    const target = this.#target(message)
    const response = await this.#append(target, message, bytes)
    if (fault.dropReply) throw unavailable()
    if (!this.#ended) this.#call.write({ ...response, writeStream: target.name })
  }

  /** The stream a request is for. A connection may change between `_default` streams, naming each from then on. */
  #target({ writeStream }: AppendRowsRequest): AppendTarget {
    const name = writeStream || (this.#targets.size > 1 ? '' : (this.#current?.name ?? ''))
    if (name === '') throw invalidArgument('The request must name its write_stream.')
    const target = this.#targets.get(name) ?? this.#newTarget(name)
    target.stream()
    this.#current = target
    return target
  }

  #newTarget(name: string): AppendTarget {
    const { registry, schemas, active, access } = this.#context
    authorize(access, name)
    const target = new AppendTarget(name, registry, schemas)
    if (this.#current && !(this.#current.isDefault && target.isDefault)) {
      throw invalidArgument('A connection can change streams only between default streams.', { entity: name })
    }
    this.#targets.set(name, target)
    if (!target.isDefault) {
      active.get(name)?.supersede(name)
      active.set(name, this)
    }
    return target
  }

  async #append(
    target: AppendTarget,
    message: AppendRowsRequest,
    bytes: number,
  ): Promise<AppendRowsResponse> {
    try {
      const start = await this.#write(target, message, bytes)
      const offset = start === undefined ? null : { value: start }
      return { appendResult: { offset }, updatedSchema: target.schemaUpdate() ?? null }
    } catch (error) {
      if (!(error instanceof WriteError) || this.#endsCall(error)) throw error
      return { error: error.toStatus(), rowErrors: error.rowErrors() }
    }
  }

  #endsCall({ details }: WriteError): boolean {
    return (
      this.#context.schemaMismatch === 'ends the call' && details.storage === 'SCHEMA_MISMATCH_EXTRA_FIELDS'
    )
  }

  /** Returns the offset of the first row; undefined on a `_default` stream. */
  async #write(target: AppendTarget, message: AppendRowsRequest, bytes: number): Promise<number | undefined> {
    const { appender, maxRequestBytes, now, countRows } = this.#context
    const entity = target.name
    if (bytes >= maxRequestBytes) {
      throw invalidArgument(`AppendRows request of ${bytes} bytes is not below ${maxRequestBytes}.`, {
        entity,
      })
    }
    if (message.arrowRows) throw invalidArgument('Rows in Arrow format are not modelled here.', { entity })
    const plan = target.plan(message)
    const rows = message.protoRows?.rows?.serializedRows ?? []
    if (rows.length === 0) throw invalidArgument('The request has no rows.', { entity })
    const offset = message.offset ? Number(message.offset.value ?? 0) : undefined
    const stream = target.stream()
    if (!stream && offset !== undefined) {
      throw invalidArgument('Offset is not allowed on the default stream.', { entity })
    }
    const lines = decoded(decodeRows(plan, rows, now()), entity)
    if (!stream) await appender.toTable(target.address, lines)
    const start = stream && (await appender.toStream(stream, offset, lines))
    countRows(lines.length)
    return start
  }

  /**
   * "Application-created streams can only have a single active connection"
   * (https://cloud.google.com/bigquery/docs/write-api#connections). How the older one learns of it is not said:
   * ABORTED is what the service ends connections with for reasons of its own.
   */
  supersede(name: string): void {
    this.#fail(
      new WriteError(status.ABORTED, 'Closing the stream because it has a newer connection.', {
        entity: name,
      }),
    )
  }

  /** Wording as in https://github.com/googleapis/nodejs-bigquery-storage/issues/427. */
  #watchIdle(): void {
    if (this.#ended) return
    const { idleMillis } = this.#context
    this.#idle = setTimeout(() => {
      const message = `Closing the stream because it has been inactive for ${idleMillis / 1000} seconds.`
      const entity = this.#current?.name
      this.#fail(new WriteError(status.ABORTED, message, entity === undefined ? {} : { entity }))
    }, idleMillis)
  }

  #fail(error: WriteError): void {
    if (this.#close()) this.#call.emit('error', error.toServiceError())
  }

  /** Returns whether it was open. */
  #close(): boolean {
    if (this.#ended) return false
    this.#ended = true
    clearTimeout(this.#idle)
    this.#context.open.delete(this)
    for (const [name, connection] of this.#context.active) {
      if (connection === this) this.#context.active.delete(name)
    }
    return true
  }
}

function decoded(rows: ReturnType<typeof decodeRows>, entity: string): readonly string[] {
  if ('lines' in rows) return rows.lines
  throw invalidArgument(
    'Errors found while processing rows. Please refer to the row_errors field for details.',
    { entity, rows: rows.faults },
  )
}
