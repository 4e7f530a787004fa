import type { BridgeInput } from '../../functions/config/schema.ts'

/** Epoch milliseconds of virtual time 0. */
export const epoch = Date.UTC(2026, 0, 1)

export type SourceName = 'sim' | 'other' | 'capped' | 'evolving'

/** A bucket for each, so that keys may be the same. */
export const bucketOf: Readonly<Record<SourceName, string>> = {
  sim: 'simulated-logs',
  other: 'other-logs',
  capped: 'capped-logs',
  evolving: 'evolving-logs',
}

/** The apps of a source's lines. */
export const appsOf: Readonly<Record<SourceName, readonly string[]>> = {
  sim: ['checkout', 'search', 'accounts'],
  other: ['checkout', 'search'],
  // More than there may be tables.
  capped: ['a', 'b', 'c', 'd', 'e'],
  evolving: ['checkout', 'search'],
}

/** The configuration every process runs with. */
export const bridgeInput: BridgeInput = {
  aws: { region: 'us-east-1' },
  google: {
    project: 'simulated',
    location: 'US',
    landingBucket: 'landing-bucket',
    ledgerBucket: 'ledger-bucket',
  },
  sources: {
    sim: { bucket: bucketOf.sim, format: 'json-lines' },
    other: { bucket: bucketOf.other, format: 'json-lines' },
    capped: { bucket: bucketOf.capped, format: 'json-lines', maxTables: 2 },
    evolving: { bucket: bucketOf.evolving, format: 'json-lines', contract: 'evolve' },
  },
}
