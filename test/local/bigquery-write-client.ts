import { once } from 'node:events'
import { protos, v1 } from '@google-cloud/bigquery-storage'
import { credentials, type ServiceError } from '@grpc/grpc-js'
import { googleAuthLibrary } from 'google-gax'
import protobuf from 'protobufjs'

const { StorageError } = protos.google.cloud.bigquery.storage.v1
const { Type, Label } = protos.google.protobuf.FieldDescriptorProto
type Request = protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest
type Response = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse
type FieldDescriptor = protos.google.protobuf.IFieldDescriptorProto

/** Keeps the client from looking for credentials on the machine and on the network. */
export function noAuth() {
  const authClient = new googleAuthLibrary.PassThroughClient()
  return new googleAuthLibrary.GoogleAuth({ authClient, projectId: 'p' })
}

/** The official client, pointed at an address without TLS. Calls are not retried, so that tests see every error. */
export function writeClient(address: string): v1.BigQueryWriteClient {
  const [host = '', port] = address.split(':')
  return new v1.BigQueryWriteClient({
    apiEndpoint: host,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    auth: noAuth(),
    projectId: 'p',
    clientConfig: withoutRetries,
    // Otherwise all clients of a process share one HTTP/2 connection.
    'grpc.use_local_subchannel_pool': 1,
  })
}

const method = { timeout_millis: 30_000, retry_codes_name: 'none', retry_params_name: 'once' }
const withoutRetries = {
  interfaces: {
    'google.cloud.bigquery.storage.v1.BigQueryWrite': {
      retry_codes: { none: [] },
      retry_params: {
        once: {
          initial_retry_delay_millis: 1,
          retry_delay_multiplier: 1,
          max_retry_delay_millis: 1,
          initial_rpc_timeout_millis: 30_000,
          rpc_timeout_multiplier: 1,
          max_rpc_timeout_millis: 30_000,
          total_timeout_millis: 30_000,
        },
      },
      methods: {
        CreateWriteStream: method,
        AppendRows: method,
        GetWriteStream: method,
        FinalizeWriteStream: method,
        BatchCommitWriteStreams: method,
        FlushRows: method,
      },
    },
  },
}

type Scalar = 'string' | 'int64' | 'int32' | 'double' | 'bool' | 'bytes'
const scalars: Record<Scalar, number> = {
  string: Type.TYPE_STRING,
  int64: Type.TYPE_INT64,
  int32: Type.TYPE_INT32,
  double: Type.TYPE_DOUBLE,
  bool: Type.TYPE_BOOL,
  bytes: Type.TYPE_BYTES,
}

/** `string`, `repeated int64`, or the fields of a nested message. */
export interface RowShape {
  readonly [field: string]: Scalar | `repeated ${Scalar}` | RowShape
}

/** A writer's schema, and the encoder for its rows. */
export class RowType {
  readonly descriptor: protos.google.protobuf.IDescriptorProto
  readonly #type: protobuf.Type

  constructor(shape: RowShape) {
    const root = new protobuf.Root()
    const { descriptor, type } = message('Row', shape)
    root.add(type)
    this.descriptor = descriptor
    this.#type = type
  }

  encode(row: Record<string, unknown>): Uint8Array {
    return this.#type.encode(this.#type.fromObject(row)).finish()
  }

  /** The part of a request that carries rows. */
  rows(...rows: (Record<string, unknown> | Uint8Array)[]): Request {
    return this.rowsOf(rows)
  }

  /** As {@link rows}, for more of them than a call can take. */
  rowsOf(rows: readonly (Record<string, unknown> | Uint8Array)[]): Request {
    const serializedRows = rows.map((row) => (row instanceof Uint8Array ? row : this.encode(row)))
    return { protoRows: { writerSchema: { protoDescriptor: this.descriptor }, rows: { serializedRows } } }
  }
}

function message(name: string, shape: RowShape) {
  const type = new protobuf.Type(name)
  const descriptor = {
    name,
    field: [] as FieldDescriptor[],
    nestedType: [] as protos.google.protobuf.IDescriptorProto[],
  }
  for (const [index, [field, kind]] of Object.entries(shape).entries()) {
    const number = index + 1
    if (typeof kind === 'object') {
      const nested = message(`Nested${field}`, kind)
      type.add(nested.type).add(new protobuf.Field(field, number, `Nested${field}`))
      descriptor.nestedType.push(nested.descriptor)
      descriptor.field.push({
        name: field,
        number,
        type: Type.TYPE_MESSAGE,
        typeName: `Nested${field}`,
        label: Label.LABEL_OPTIONAL,
      })
    } else {
      const repeated = kind.startsWith('repeated ')
      const scalar = kind.replace('repeated ', '') as Scalar
      type.add(new protobuf.Field(field, number, scalar, repeated ? 'repeated' : 'optional'))
      const label = repeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL
      descriptor.field.push({ name: field, number, type: scalars[scalar], label })
    }
  }
  return { type, descriptor }
}

/** One AppendRows connection: responses in order, and the error that ends it. */
export class AppendSession {
  readonly #stream: ReturnType<v1.BigQueryWriteClient['appendRows']>
  readonly #waiting: { resolve(response: Response): void; reject(error: unknown): void }[] = []
  /** Resolves with the status that ended the connection. */
  readonly failure: Promise<ServiceError>

  constructor(client: v1.BigQueryWriteClient) {
    this.#stream = client.appendRows()
    this.#stream.on('data', (response: Response) => this.#waiting.shift()?.resolve(response))
    this.failure = new Promise((resolve) => {
      this.#stream.on('error', (error: ServiceError) => {
        for (const { reject } of this.#waiting.splice(0)) reject(error)
        resolve(error)
      })
    })
  }

  append(request: Request): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#stream.write(request)
    })
  }

  end(): void {
    this.#stream.end()
  }

  cancel(): void {
    this.#stream.cancel()
  }

  /** Ends it, and waits for the service to have done so too. */
  async finish(): Promise<void> {
    const ended = once(this.#stream, 'end')
    this.#stream.end()
    await ended
  }
}

/** `CODE/STORAGE_ERROR` of an error inside a response. */
export function responseError({ error }: Response): string {
  const detail = error?.details?.[0]?.value
  return `${error?.code}/${detail ? storageCode(detail) : ''}`
}

/** `CODE/STORAGE_ERROR` of a failed call. */
export function callError(error: unknown): string {
  const { code, metadata } = error as ServiceError
  const [detail] = metadata.get('google.cloud.bigquery.storage.v1.storageerror-bin')
  return `${code}/${Buffer.isBuffer(detail) ? storageCode(detail) : ''}`
}

function storageCode(bytes: Uint8Array | string): string {
  const { code } = StorageError.decode(typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes)
  return String(StorageError.StorageErrorCode[code])
}
