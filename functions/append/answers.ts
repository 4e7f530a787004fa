import { type AppendReply, type CommitReply, type GrpcCode, grpc, type WriteApiError } from './write-api.ts'

/** What an answer of the Storage Write API means to us. */
export type Verdict =
  | 'done'
  | 'retry'
  /** There is no such table or stream, or it is not known yet. */
  | 'missing'
  /** The stream takes no rows any more: it was finalized, or BigQuery has forgotten it. */
  | 'stream_gone'
  /** The table has not all the columns the rows have. */
  | 'schema_behind'
  /** The rows themselves are at fault; of a flush or commit, the stream. */
  | 'refused'
  /** The request is right, but a retry at once cannot help: a permission is missing, say. */
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

/** The service's reasons for refusing any rows on a stream. */
const goneReasons: ReadonlySet<string> = new Set([
  'STREAM_NOT_FOUND',
  'STREAM_FINALIZED',
  'STREAM_ALREADY_COMMITTED',
  'INVALID_STREAM_STATE',
])

/** Verdict on an error of a unary call. */
export function ofCode(code: GrpcCode): Verdict {
  if (code === grpc.notFound) return 'missing'
  return retryable.has(code) ? 'retry' : 'terminal'
}

/**
 * Verdict on an append at an explicit offset.
 * `ALREADY_EXISTS`: an earlier try took effect. `OUT_OF_RANGE`: an earlier append on this connection failed;
 * appending again from the first one without an answer mends it. A schema mismatch ends the call, with its reason in
 * the trailer (Google's system test of the Node client expects it so), or is an error within a response.
 */
export function ofAppend(reply: AppendReply): Verdict {
  if (reply.kind === 'appended') return 'done'
  if (reply.kind === 'refused' && reply.code === grpc.alreadyExists) return 'done'
  if (reply.code === grpc.outOfRange) return 'retry'
  if (reply.storageError?.startsWith('SCHEMA_MISMATCH_EXTRA_FIELD')) return 'schema_behind'
  if (goneReasons.has(reply.storageError ?? '')) return 'stream_gone'
  if (reply.code === grpc.invalidArgument) return 'refused'
  return ofCode(reply.code)
}

/**
 * Verdict on a flush that was answered with an error. `ALREADY_EXISTS`: flushed so far already. The others say that
 * the stream cannot be flushed, now or ever: it is gone (NOT_FOUND), finalized (INVALID_ARGUMENT) or too short
 * (OUT_OF_RANGE). As Apache Beam's sink reads them:
 * https://github.com/apache/beam/blob/master/sdks/java/io/google-cloud-platform/src/main/java/org/apache/beam/sdk/io/gcp/bigquery/StorageApiFlushAndFinalizeDoFn.java
 */
export function ofFlush({ code }: Pick<WriteApiError, 'code'>): Verdict {
  if (code === grpc.alreadyExists) return 'done'
  return unflushable.has(code) ? 'refused' : ofCode(code)
}

const unflushable: ReadonlySet<GrpcCode> = new Set([
  grpc.notFound,
  grpc.invalidArgument,
  grpc.outOfRange,
  grpc.failedPrecondition,
])

/** Verdict on a commit. Streams are committed together: when all are committed already, an earlier try did it. */
export function ofCommit(reply: CommitReply): Verdict {
  if (reply.kind === 'committed') return 'done'
  const codes = new Set(reply.errors.map((error) => error.code))
  if (codes.size === 1 && codes.has('STREAM_ALREADY_COMMITTED')) return 'done'
  return codes.size === 1 && codes.has('KMS_SERVICE_ERROR') ? 'retry' : 'refused'
}

/** Verdict on a commit that was answered with an error as a whole. */
export function ofCommitError({ code }: Pick<WriteApiError, 'code'>): Verdict {
  return unflushable.has(code) ? 'refused' : ofCode(code)
}
