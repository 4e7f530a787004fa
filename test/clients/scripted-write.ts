import { protos } from '@google-cloud/bigquery-storage'
import {
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceError,
  type status,
} from '@grpc/grpc-js'
import {
  type AppendRowsRequest,
  type AppendRowsResponse,
  type Method,
  methods,
  type SizedAppendRequest,
} from '../../scripts/local/bigquery/write/service.ts'
import { Queue } from './queue.ts'

const { StorageError } = protos.google.cloud.bigquery.storage.v1

/** A `google.rpc.Status` or a call's end: a code, and the service's own reason by name. */
export interface WireError {
  readonly code: status
  readonly message?: string
  readonly reason?: keyof typeof StorageError.StorageErrorCode
}

/** The details of an error within a response. */
export function detailsOf({ reason }: WireError) {
  if (!reason) return []
  const type_url = 'type.googleapis.com/google.cloud.bigquery.storage.v1.StorageError'
  return [{ type_url, value: encoded(reason) }]
}

/** How a call ends with an error: the reason is in a trailer. */
function endOf({ code, message = 'scripted', reason }: WireError): ServiceError {
  const metadata = new Metadata()
  if (reason) metadata.set('google.cloud.bigquery.storage.v1.storageerror-bin', encoded(reason))
  return Object.assign(new Error(message), { code, details: message, metadata })
}

function encoded(reason: keyof typeof StorageError.StorageErrorCode): Buffer {
  return Buffer.from(StorageError.encode({ code: StorageError.StorageErrorCode[reason] }).finish())
}

/** One AppendRows call, as its server sees it. */
export class ScriptedAppend {
  readonly #call: ServerDuplexStream<SizedAppendRequest, AppendRowsResponse>
  readonly #requests = new Queue<AppendRowsRequest>()
  /** Settles when the client has given the call up. */
  readonly cancelled: Promise<void>

  constructor(call: ServerDuplexStream<SizedAppendRequest, AppendRowsResponse>) {
    this.#call = call
    call.on('data', ({ message }: SizedAppendRequest) => this.#requests.push(message))
    call.on('error', () => undefined)
    this.cancelled = new Promise((resolve) => {
      call.on('cancelled', () => resolve())
      // It may have been before anybody was told of the call.
      if (call.cancelled) resolve()
    })
  }

  /** A request header by its name. */
  header(name: string): unknown {
    return this.#call.metadata.get(name)[0]
  }

  /** The HTTP/2 connection it came by. */
  get connection(): string {
    return this.#call.getPeer()
  }

  request(): Promise<AppendRowsRequest> {
    return this.#requests.take()
  }

  answer(response: AppendRowsResponse): void {
    this.#call.write(response)
  }

  /** Ends the call without an error. */
  end(): void {
    this.#call.end()
  }

  fail(error: WireError): void {
    this.#call.emit('error', endOf(error))
  }
}

/** `google.cloud.bigquery.storage.v1.BigQueryWrite` on loopback, which answers as a test says and not otherwise. */
export class ScriptedWrite {
  readonly #server = new Server()
  readonly #appends = new Queue<ScriptedAppend>()
  #port = 0

  static async start(): Promise<ScriptedWrite> {
    const scripted = new ScriptedWrite()
    const { path, decode, encode } = methods.AppendRows
    const handler = (call: ServerDuplexStream<SizedAppendRequest, AppendRowsResponse>) =>
      scripted.#appends.push(new ScriptedAppend(call))
    scripted.#server.register(path, handler, encode, decode, 'bidi')
    await scripted.#listen()
    return scripted
  }

  get endpoint(): string {
    return `127.0.0.1:${this.#port}`
  }

  /** The next AppendRows call that came. */
  append(): Promise<ScriptedAppend> {
    return this.#appends.take()
  }

  /** Has every call of a method answered so; `undefined` never. */
  on<Request, Response extends object>(
    { path, decode, encode }: Method<Request, Response>,
    answer: (request: Request) => Response | WireError | undefined,
  ): void {
    const handler: handleUnaryCall<Request, Response> = ({ request }, reply) => {
      const said = answer(request)
      if (said === undefined) return
      if (isError(said)) reply(endOf(said))
      else reply(null, said)
    }
    this.#server.register(path, handler, encode, decode, 'unary')
  }

  /** Ends every call and connection. */
  async stop(): Promise<void> {
    this.#server.forceShutdown()
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
        this.#port = port
        if (error) reject(error)
        else resolve()
      })
    })
  }
}

function isError(said: object): said is WireError {
  return 'code' in said
}
