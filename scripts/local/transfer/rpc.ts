import {
  type handleUnaryCall,
  type MethodDefinition,
  type Server,
  type ServiceError,
  status,
} from '@grpc/grpc-js'
import type { CallCounter } from '../calls.ts'
import type { Faults } from '../faults.ts'

interface MessageType<Message> {
  decode(bytes: Uint8Array): Message
  encode(message: Message): { finish(): Uint8Array }
}

/** An error with its gRPC status, thrown by a handler to be the answer of its call. */
export class RpcError extends Error {
  readonly code: status

  constructor(code: status, message: string) {
    super(message)
    this.code = code
  }
}

/** One method, ready to be added to a server. */
export type Rpc = (server: Server) => void

/** Makes unary methods of one gRPC service whose calls are counted and meet their faults. */
export function rpcsOf(service: string, calls: CallCounter, faults: Faults) {
  return <Request, Response>(
    name: string,
    requestType: MessageType<Request>,
    responseType: MessageType<Response>,
    answer: (request: Request) => Response,
  ): Rpc => {
    const definition: MethodDefinition<Request, Response> = {
      path: `/${service}/${name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (request) => Buffer.from(requestType.encode(request).finish()),
      requestDeserialize: (bytes) => requestType.decode(bytes),
      responseSerialize: (response) => Buffer.from(responseType.encode(response).finish()),
      responseDeserialize: (bytes) => responseType.decode(bytes),
    }
    const meetAndAnswer = async (request: Request): Promise<Response> => {
      calls.count(name)
      const fault = await faults.meet(name)
      if (fault.fail) throw new RpcError(status.UNAVAILABLE, 'a fault on purpose: try again')
      const response = answer(request)
      if (fault.dropReply) throw new RpcError(status.UNAVAILABLE, 'the reply was dropped on purpose')
      return response
    }
    const handler: handleUnaryCall<Request, Response> = (call, callback) => {
      meetAndAnswer(call.request).then(
        (response) => callback(null, response),
        (error: unknown) => callback(asServiceError(error)),
      )
    }
    return (server) => server.addService({ [name]: definition }, { [name]: handler })
  }
}

function asServiceError(error: unknown): Partial<ServiceError> {
  if (error instanceof RpcError) return { code: error.code, details: error.message }
  return { code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) }
}
