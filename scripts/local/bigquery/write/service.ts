import { protos } from '@google-cloud/bigquery-storage'

const v1 = protos.google.cloud.bigquery.storage.v1

export type AppendRowsRequest = protos.google.cloud.bigquery.storage.v1.AppendRowsRequest
export type AppendRowsResponse = protos.google.cloud.bigquery.storage.v1.IAppendRowsResponse

/** An AppendRows request with its size on the wire, which the service limits. */
export interface SizedAppendRequest {
  readonly message: AppendRowsRequest
  readonly bytes: number
}

/** One RPC: where it is called, and how its messages are read and written. */
export interface Method<Request, Response> {
  readonly path: string
  readonly decode: (bytes: Buffer) => Request
  readonly encode: (response: Response) => Buffer
}

function method<Request, Response>(
  name: string,
  request: { decode(bytes: Uint8Array): Request },
  response: { encode(message: Response): { finish(): Uint8Array } },
): Method<Request, Response> {
  return {
    path: `/google.cloud.bigquery.storage.v1.BigQueryWrite/${name}`,
    decode: (bytes) => request.decode(bytes),
    encode: (message) => Buffer.from(response.encode(message).finish()),
  }
}

const sizedAppendRequest = {
  decode: (bytes: Uint8Array): SizedAppendRequest => ({
    message: v1.AppendRowsRequest.decode(bytes),
    bytes: bytes.length,
  }),
}

/** `google.cloud.bigquery.storage.v1.BigQueryWrite`, over the message classes the official client ships. */
export const methods = {
  CreateWriteStream: method('CreateWriteStream', v1.CreateWriteStreamRequest, v1.WriteStream),
  GetWriteStream: method('GetWriteStream', v1.GetWriteStreamRequest, v1.WriteStream),
  FinalizeWriteStream: method(
    'FinalizeWriteStream',
    v1.FinalizeWriteStreamRequest,
    v1.FinalizeWriteStreamResponse,
  ),
  BatchCommitWriteStreams: method(
    'BatchCommitWriteStreams',
    v1.BatchCommitWriteStreamsRequest,
    v1.BatchCommitWriteStreamsResponse,
  ),
  FlushRows: method('FlushRows', v1.FlushRowsRequest, v1.FlushRowsResponse),
  AppendRows: method('AppendRows', sizedAppendRequest, v1.AppendRowsResponse),
}
