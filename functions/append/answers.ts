import { type AppendReply, type CommitReply, type GrpcCode, grpc } from './write-api.ts'

/** What an answer of the Storage Write API means to us. */
export type Verdict =
  | 'done'
  | 'retry'
  /** There is no such table, or it is not known yet. */
  | 'table_missing'
  /** The table has not all the columns the rows have. */
  | 'schema_behind'
  /** The rows themselves are at fault. */
  | 'refused'
  /** Trying again cannot help: a permission is missing, say. */
  | 'terminal'

/**
 * gRPC codes after which the same call may succeed. From the service's own retry configuration,
 * https://github.com/googleapis/googleapis/blob/master/google/cloud/bigquery/storage/v1/bigquerystorage_grpc_service_config.json
 * with ABORTED (idle for 600 s, or superseded), INTERNAL and CANCELLED, which its documentation calls retryable.
 */
const retryable: ReadonlySet<GrpcCode> = new Set([
  grpc.cancelled,
  grpc.unknown,
  grpc.deadlineExceeded,
  grpc.resourceExhausted,
  grpc.aborted,
  grpc.internal,
  grpc.unavailable,
])

/** Verdict on an error of a unary call. */
export function ofCode(code: GrpcCode): Verdict {
  if (code === grpc.notFound) return 'table_missing'
  return retryable.has(code) ? 'retry' : 'terminal'
}

/**
 * Verdict on an append at an explicit offset.
 * `ALREADY_EXISTS`: an earlier try took effect. `OUT_OF_RANGE`: an earlier append on this connection failed;
 * appending again from the first one without an answer mends it.
 */
export function ofAppend(reply: AppendReply): Verdict {
  if (reply.kind === 'appended') return 'done'
  if (reply.kind === 'refused' && reply.code === grpc.alreadyExists) return 'done'
  if (reply.code === grpc.outOfRange) return 'retry'
  if (reply.code === grpc.invalidArgument) {
    const behind = reply.kind === 'refused' && reply.storageError?.startsWith('SCHEMA_MISMATCH_EXTRA_FIELD')
    return behind ? 'schema_behind' : 'refused'
  }
  return ofCode(reply.code)
}

/** Verdict on a commit. Streams are committed together: when all are committed already, an earlier try did it. */
export function ofCommit(reply: CommitReply): Verdict {
  if (reply.kind === 'committed') return 'done'
  const codes = new Set(reply.errors.map((error) => error.code))
  if (codes.size === 1 && codes.has('STREAM_ALREADY_COMMITTED')) return 'done'
  return codes.size === 1 && codes.has('KMS_SERVICE_ERROR') ? 'retry' : 'terminal'
}
