import { SecretManagerSecretIamMember } from '@cdktf/provider-google/lib/secret-manager-secret-iam-member/index.js'
import type { Construct } from 'constructs'
import { ConfigError } from '../../functions/config/define-bridge.ts'
import { hashes } from '../../functions/config/redaction.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { Accounts } from './accounts.ts'

/** @throws ConfigError naming every source that redacts to hashes, when there is no key for them. */
export function needHashKey({ google, sources }: Bridge): void {
  if (google.hashKeySecret !== undefined) return
  const faults = sources
    .filter(({ redact }) => hashes(redact))
    .map(({ name }) => `sources.${name}.redact: hash needs google.hashKeySecret, a secret that holds the key`)
  if (faults.length > 0) throw new ConfigError(faults)
}

/** Lets the function read the key, and nothing else in Secret Manager. */
export function hashKeyAccess(
  scope: Construct,
  { google: { project, hashKeySecret } }: Bridge,
  { load }: Accounts,
): SecretManagerSecretIamMember[] {
  if (hashKeySecret === undefined) return []
  const role = 'roles/secretmanager.secretAccessor'
  return [
    new SecretManagerSecretIamMember(scope, 'load-reads-hash-key', {
      project,
      secretId: hashKeySecret,
      member: load.member,
      role,
    }),
  ]
}

/** The key as a variable of the function's environment: its value is fetched when an instance starts. */
export function hashKeyVariable({ google: { project, hashKeySecret } }: Bridge) {
  if (hashKeySecret === undefined) return []
  return [{ key: 'CAUSEWAY_HASH_KEY', projectId: project, secret: hashKeySecret, version: 'latest' }]
}
