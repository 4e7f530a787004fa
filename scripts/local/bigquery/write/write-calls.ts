import { protos } from '@google-cloud/bigquery-storage'
import { status } from '@grpc/grpc-js'
import type { BigQueryStore } from '../store/store.ts'
import type { RowAppender } from './append-rows.ts'
import { commitStreams } from './commit-streams.ts'
import type { CreationQuota } from './creation-quota.ts'
import { defaultStreamId, parseStreamName, parseTableName } from './resource-name.ts'
import { type StreamRegistry, writeState } from './stream-registry.ts'
import { tableSchema } from './table-schema.ts'
import type { VisibleSchemas } from './visible-schema.ts'
import { invalidArgument, WriteError } from './write-error.ts'
import type { StreamType, WriteStream } from './write-stream.ts'

type V1 = typeof protos.google.cloud.bigquery.storage.v1
type Message<
  Name extends
    | 'CreateWriteStreamRequest'
    | 'GetWriteStreamRequest'
    | 'FinalizeWriteStreamRequest'
    | 'BatchCommitWriteStreamsRequest'
    | 'FlushRowsRequest',
> = InstanceType<V1[Name]>
type StreamMessage = protos.google.cloud.bigquery.storage.v1.IWriteStream

const { WriteStream: StreamKind, WriteStreamView } = protos.google.cloud.bigquery.storage.v1

interface Context {
  readonly store: BigQueryStore
  readonly registry: StreamRegistry
  readonly appender: RowAppender
  readonly schemas: VisibleSchemas
  readonly quota: CreationQuota
  readonly now: () => number
}

/** The calls of BigQueryWrite that are not streams, by name. Each throws {@link WriteError}. */
export class WriteCalls {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  /** Durable when it returns. Calls count against the quota that are well formed, also when there is no such table. */
  async createWriteStream({
    parent,
    writeStream,
  }: Message<'CreateWriteStreamRequest'>): Promise<StreamMessage> {
    const { registry, quota, now } = this.#context
    const table = parseTableName(parent)
    const type = streamType(writeStream?.type)
    quota.take()
    const stream = await registry.create(table, type, now())
    return this.#describe(stream, true)
  }

  async getWriteStream({ name, view }: Message<'GetWriteStreamRequest'>): Promise<StreamMessage> {
    const { registry } = this.#context
    const { table, id } = parseStreamName(name)
    const full = view === WriteStreamView.FULL || view === 'FULL'
    if (id !== defaultStreamId) return this.#describe(registry.peek(name), full)
    const createdAt = Number(registry.table(table).creationTime)
    return this.#describe({ name, table, type: 'COMMITTED', createdAt }, full)
  }

  /** Idempotent: the row count of a finalized stream no longer changes. */
  async finalizeWriteStream({ name }: Message<'FinalizeWriteStreamRequest'>) {
    const stream = this.#created(name)
    // From here on appends are refused. The count is taken after those already waiting for the writer.
    stream.finalized = true
    await this.#context.store.transaction((connection) => writeState(connection, stream))
    return { rowCount: stream.rows }
  }

  async batchCommitWriteStreams({ parent, writeStreams }: Message<'BatchCommitWriteStreamsRequest'>) {
    const { store, registry, now } = this.#context
    const outcome = await commitStreams(store, registry, { parent, names: writeStreams, now: now() })
    return 'errors' in outcome
      ? { streamErrors: [...outcome.errors] }
      : { commitTime: timestamp(outcome.committedAt) }
  }

  /** "Rows before this offset (including this offset) are flushed", says the reference. */
  async flushRows({ writeStream, offset }: Message<'FlushRowsRequest'>) {
    const stream = this.#created(writeStream)
    if (stream.type !== 'BUFFERED') {
      throw invalidArgument('Only a BUFFERED stream can be flushed.', {
        storage: 'INVALID_STREAM_TYPE',
        entity: writeStream,
      })
    }
    if (!offset)
      throw invalidArgument('The request must name the offset to flush to.', { entity: writeStream })
    const last = Number(offset.value ?? 0)
    await this.#context.appender.flush(stream, last)
    return { offset: last }
  }

  #created(name: string): WriteStream {
    if (parseStreamName(name).id === defaultStreamId) {
      throw new WriteError(status.INVALID_ARGUMENT, 'Not supported on the default stream.', {
        storage: 'INVALID_STREAM_TYPE',
        entity: name,
      })
    }
    return this.#context.registry.get(name)
  }

  #describe(
    stream: Pick<WriteStream, 'name' | 'table' | 'type' | 'createdAt' | 'committedAt'>,
    full: boolean,
  ): StreamMessage {
    const { registry, schemas } = this.#context
    const committedAt = stream.type === 'COMMITTED' ? stream.createdAt : stream.committedAt
    return {
      name: stream.name,
      type: StreamKind.Type[stream.type],
      createTime: timestamp(stream.createdAt),
      ...(committedAt === undefined ? {} : { commitTime: timestamp(committedAt) }),
      ...(full ? { tableSchema: tableSchema(schemas.visible(registry.table(stream.table))) } : {}),
      writeMode: StreamKind.WriteMode.INSERT,
      location: 'US',
    }
  }
}

function streamType(type: unknown): StreamType {
  const found = (['COMMITTED', 'PENDING', 'BUFFERED'] as const).find((name) => StreamKind.Type[name] === type)
  if (found) return found
  throw invalidArgument('The write stream must have the type COMMITTED, PENDING or BUFFERED.')
}

function timestamp(millis: number) {
  return { seconds: Math.floor(millis / 1000), nanos: (millis % 1000) * 1_000_000 }
}
