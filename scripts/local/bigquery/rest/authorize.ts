import type { Access } from '../../permissions/access.ts'
import { bigqueryCalls, permissionsOf } from '../../permissions/call-permissions.ts'
import { accessDenied } from './api-error.ts'
import type { ApiRequest } from './http.ts'

/** @throws ApiError 403, in the service's words, for a call that the caller's permissions do not allow. */
export function authorize(
  access: Access,
  call: string,
  { project, dataset, table }: ApiRequest['path'],
): void {
  const on = dataset === undefined ? 'project' : `datasets/${dataset}`
  for (const permission of permissionsOf(bigqueryCalls, call)) {
    if (access.may(permission, on)) continue
    const [kind, name] =
      dataset === undefined
        ? ['Project', project]
        : table === undefined
          ? ['Dataset', `${project}:${dataset}`]
          : ['Table', `${project}:${dataset}.${table}`]
    // Wording: https://github.com/PostHog/posthog/pull/67753
    const denied = `Permission ${permission} denied on ${kind.toLowerCase()} ${name} (or it may not exist).`
    throw accessDenied(`${kind} ${name}: ${denied}`)
  }
}
