import { status } from '@grpc/grpc-js'
import type { Access } from '../../permissions/access.ts'
import { writePermission } from '../../permissions/call-permissions.ts'
import { parseStreamName, parseTableName, tableName } from './resource-name.ts'
import { WriteError } from './write-error.ts'

/**
 * @param name of the table or stream that is called for.
 * @throws WriteError PERMISSION_DENIED, in the service's words, for what the caller's permissions do not allow.
 */
export function authorize(access: Access | undefined, name: string): void {
  if (!access) return
  const table = name.includes('/streams/') ? parseStreamName(name).table : parseTableName(name)
  if (access.may(writePermission, `datasets/${table.dataset}`)) return
  // Wording: https://github.com/googleapis/python-bigquery-storage/issues/238
  const denied = `Permission 'TABLES_UPDATE_DATA' denied on resource '${tableName(table)}' (or it may not exist).`
  throw new WriteError(status.PERMISSION_DENIED, denied)
}
