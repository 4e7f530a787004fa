import { protos } from '@google-cloud/storage-transfer'
import { status } from '@grpc/grpc-js'
import { type Operation, OperationStatus, transferV1 } from './job.ts'
import { RpcError, type rpcsOf } from './rpc.ts'
import type { TransferStore } from './store.ts'

const { longrunning, protobuf, rpc: rpcTypes } = protos.google

/** google.longrunning.Operations as the official client polls it. */
export function operationsService(rpc: ReturnType<typeof rpcsOf>, store: TransferStore) {
  return [
    rpc('GetOperation', longrunning.GetOperationRequest, longrunning.Operation, ({ name }) => {
      const operation = store.operation(name ?? '')
      if (!operation) throw new RpcError(status.NOT_FOUND, `there is no operation ${name}`)
      return longRunning(operation)
    }),
  ]
}

/** A transfer operation in the form of google.longrunning: itself as the metadata, no response but success. */
export function longRunning(operation: Operation): protos.google.longrunning.Operation {
  const failed = operation.status === OperationStatus.FAILED
  const outcome = failed
    ? { error: rpcTypes.Status.create({ code: status.UNKNOWN, message: `${operation.name} failed` }) }
    : { response: any('google.protobuf.Empty', new Uint8Array()) }
  return longrunning.Operation.create({
    name: operation.name ?? '',
    metadata: any(
      'google.storagetransfer.v1.TransferOperation',
      transferV1.TransferOperation.encode(operation).finish(),
    ),
    done: Boolean(operation.endTime),
    ...(operation.endTime && outcome),
  })
}

function any(type: string, value: Uint8Array): protos.google.protobuf.Any {
  return protobuf.Any.create({ type_url: `type.googleapis.com/${type}`, value })
}
