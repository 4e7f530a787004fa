import type { Access } from '../permissions/access.ts'
import { permissionsOf, storageCalls } from '../permissions/call-permissions.ts'
import { GcsError } from './error.ts'
import type { GcsRequest } from './http.ts'
import type { Objects } from './objects.ts'
import { int64 } from './preconditions.ts'

/** @throws GcsError 403, in the service's words, for a call that the caller's permissions do not allow. */
export function authorize(access: Access, call: string, request: GcsRequest, objects: Objects): void {
  const { bucket } = request.path
  const on = bucket ? `buckets/${bucket}` : 'project'
  for (const permission of permissionsOf(storageCalls, call)) {
    if (!access.may(permission, on)) throw forbidden(access, permission)
  }
  if (call === 'objects.insert' && mayOverwrite(request, objects)) {
    if (!access.may('storage.objects.delete', on)) throw forbidden(access, 'storage.objects.delete')
  }
  // Who may not list is not told that an object is not there: https://github.com/seung-lab/cloud-volume/pull/260.
  if ((call === 'objects.get' || call === 'objects.getMedia') && isMissing(request, objects)) {
    if (!access.may('storage.objects.list', on)) throw forbidden(access, 'storage.objects.get')
  }
}

/** "Only required if the request overwrites": a write that must find nothing never does. */
function mayOverwrite({ path, query }: GcsRequest, objects: Objects): boolean {
  if (query.get('ifGenerationMatch') === '0') return false
  const name = query.get('name')
  return name === null || objects.find(path.bucket, name) !== undefined
}

function isMissing({ path, query }: GcsRequest, objects: Objects): boolean {
  const found = objects.find(path.bucket, path.object)
  const generation = int64(query, 'generation')
  return !found || (generation !== undefined && generation !== found.generation)
}

/** Wording: https://github.com/ansible-collections/google.cloud/issues/575 */
function forbidden({ account }: Access, permission: string): GcsError {
  const what = permission.startsWith('storage.objects.') ? 'object' : 'bucket'
  const lacks = `${account} does not have ${permission} access to the Google Cloud Storage ${what}.`
  return new GcsError(
    403,
    'forbidden',
    `${lacks} Permission '${permission}' denied on resource (or it may not exist).`,
  )
}
