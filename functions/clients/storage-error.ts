import { protos } from '@google-cloud/bigquery-storage'
import { type GrpcCode, grpc } from '../append/write-api.ts'

const { StorageError } = protos.google.cloud.bigquery.storage.v1
const typeName = '/google.cloud.bigquery.storage.v1.StorageError'

/** The name of a StorageErrorCode, such as `OFFSET_ALREADY_EXISTS`, from its number or name. */
export function storageErrorName(code: string | number | null | undefined): string | undefined {
  if (typeof code === 'number') return StorageError.StorageErrorCode[code]
  return code ?? undefined
}

interface Detail {
  readonly type_url?: string | null
  readonly value?: Uint8Array | string | null
}

/** The StorageError among the details of a google.rpc.Status, by name. */
export function storageErrorIn(details: readonly Detail[] | null | undefined): string | undefined {
  const detail = details?.find(({ type_url }) => type_url?.endsWith(typeName))
  if (!detail?.value || typeof detail.value === 'string') return undefined
  return storageErrorName(StorageError.decode(detail.value).code)
}

/** Where the service puts the StorageError of a call that ends with an error. */
const trailer = 'google.cloud.bigquery.storage.v1.storageerror-bin'

/** The StorageError of a call that ended, by name. */
export function storageErrorOf(error: unknown): string | undefined {
  const metadata = error instanceof Error && 'metadata' in error ? error.metadata : undefined
  const [value] = hasGet(metadata) ? metadata.get(trailer) : []
  return Buffer.isBuffer(value) ? storageErrorName(StorageError.decode(value).code) : undefined
}

/** Metadata of gRPC, whichever copy of the library made it. */
function hasGet(metadata: unknown): metadata is { get(key: string): unknown[] } {
  return typeof metadata === 'object' && metadata !== null && 'get' in metadata
}

/** The gRPC status a call ended with; UNKNOWN for what is none. */
export function grpcCodeOf(error: unknown): GrpcCode {
  return error instanceof Error && 'code' in error && typeof error.code === 'number'
    ? error.code
    : grpc.unknown
}
