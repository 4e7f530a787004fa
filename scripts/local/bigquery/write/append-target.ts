import { protos } from '@google-cloud/bigquery-storage'
import { status } from '@grpc/grpc-js'
import type { KeptTable, TableAddress } from '../store/resources.ts'
import { defaultStreamId, parseStreamName, tableName } from './resource-name.ts'
import { type MessagePlan, planRows } from './row-plan.ts'
import type { AppendRowsRequest } from './service.ts'
import type { StreamRegistry } from './stream-registry.ts'
import { tableSchema } from './table-schema.ts'
import type { VisibleSchemas } from './visible-schema.ts'
import { invalidArgument, WriteError } from './write-error.ts'
import type { WriteStream } from './write-stream.ts'

const { DescriptorProto } = protos.google.protobuf

/**
 * What one connection knows of one stream it writes to: the schema of the table as it was when the connection first
 * named the stream, and the plan for the writer's schema. A later schema counts for a new connection only.
 */
export class AppendTarget {
  readonly name: string
  readonly address: TableAddress
  readonly #registry: StreamRegistry
  readonly #schemas: VisibleSchemas
  readonly #table: KeptTable
  #announced: KeptTable
  #descriptor: Buffer = Buffer.alloc(0)
  #plan: MessagePlan | undefined

  /** Throws NOT_FOUND when there is no such stream or table. */
  constructor(name: string, registry: StreamRegistry, schemas: VisibleSchemas) {
    this.name = name
    this.address = parseStreamName(name).table
    this.#registry = registry
    this.#schemas = schemas
    this.#table = schemas.visible(registry.table(this.address))
    this.stream()
    this.#announced = this.#table
  }

  get isDefault(): boolean {
    return parseStreamName(this.name).id === defaultStreamId
  }

  /** The created stream; undefined for `_default`. Throws once the table has gone or has been replaced. */
  stream(): WriteStream | undefined {
    if (!this.isDefault) return this.#registry.get(this.name)
    if (this.#registry.table(this.address).creationTime === this.#table.creationTime) return undefined
    throw new WriteError(status.ABORTED, 'The table has been created anew.', { entity: this.name })
  }

  /** The plan for a request's rows. A client may repeat its schema in every request: only a new one is planned. */
  plan({ protoRows }: AppendRowsRequest): MessagePlan {
    const descriptor = protoRows?.writerSchema?.protoDescriptor
    if (descriptor) {
      const bytes = Buffer.from(DescriptorProto.encode(descriptor).finish())
      if (!this.#plan || !bytes.equals(this.#descriptor)) {
        this.#plan = planRows(descriptor, this.#table.schema?.fields ?? [], {
          table: tableName(this.address),
          partitionColumn: this.#table.timePartitioning?.field,
        })
        this.#descriptor = bytes
      }
    }
    if (this.#plan) return this.#plan
    throw invalidArgument('The first request for a stream must carry the writer schema.', {
      entity: this.name,
    })
  }

  /** The table's schema when it has changed since this connection last knew of it. */
  schemaUpdate() {
    const latest = this.#schemas.visible(this.#registry.table(this.address))
    if (latest.etag === this.#announced.etag) return undefined
    const changed = JSON.stringify(latest.schema) !== JSON.stringify(this.#announced.schema)
    this.#announced = latest
    return changed ? tableSchema(latest) : undefined
  }
}
