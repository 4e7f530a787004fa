import type { DatabaseSync } from 'node:sqlite'
import { status, type UntypedServiceImplementation } from '@grpc/grpc-js'
import type { unaryCalls } from './grpc.ts'
import type { Registry } from './registry.ts'
import { StatusError } from './status.ts'

interface Policy {
  readonly version: number
  readonly bindings: readonly { readonly role: string; readonly members: readonly string[] }[]
  readonly etag: Buffer
}

interface OfResource {
  readonly resource: string
}

/** google.iam.v1.IAMPolicy: who may do what with a topic or subscription. Kept, not enforced; TestIamPermissions is UNIMPLEMENTED. */
export function iamApi({
  database,
  registry,
  unary,
}: {
  readonly database: DatabaseSync
  readonly registry: Registry
  readonly unary: ReturnType<typeof unaryCalls>
}): UntypedServiceImplementation {
  const read = database.prepare('SELECT body, version FROM policy WHERE resource = ?')
  const write = database.prepare('INSERT OR REPLACE INTO policy (resource, body, version) VALUES (?, ?, ?)')
  const policyOf = (resource: string): Policy => {
    if (resource.split('/')[2] === 'topics') registry.topic(resource)
    else registry.subscription(resource)
    const row = read.get(resource)
    const bindings = row ? JSON.parse(String(row['body'])) : []
    return { version: 1, bindings, etag: Buffer.from(String(row?.['version'] ?? 0)) }
  }
  return {
    GetIamPolicy: unary<OfResource, Policy>('GetIamPolicy', ({ request }) => policyOf(request.resource)),

    SetIamPolicy: unary<OfResource & { policy: Policy }, Policy>('SetIamPolicy', ({ request }) => {
      const { resource, policy } = request
      const { etag } = policyOf(resource)
      if (policy.etag.length > 0 && !policy.etag.equals(etag))
        throw new StatusError(status.ABORTED, 'The policy has changed since it was read: read it again.')
      write.run(resource, JSON.stringify(policy.bindings), Number(etag.toString()) + 1)
      return policyOf(resource)
    }),
  }
}
