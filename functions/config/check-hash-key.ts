import { ConfigError } from './define-bridge.ts'
import { hashes } from './redaction.ts'
import type { Bridge } from './schema.ts'

/** @throws ConfigError if a source redacts to hashes and there is no key for them. */
export function checkHashKey(bridge: Bridge, hashKey: string | undefined): void {
  if (hashKey !== undefined) return
  const faults = bridge.sources
    .filter(({ redact }) => hashes(redact))
    .map(
      ({ name }) =>
        `sources.${name}.redact: hash needs a key: set CAUSEWAY_HASH_KEY from a secret, and keep it`,
    )
  if (faults.length > 0) throw new ConfigError(faults)
}
