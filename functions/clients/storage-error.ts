import { protos } from '@google-cloud/bigquery-storage'

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
