import { readClaim, readDone, readGroupEnd } from '../../../functions/commit/ledger-records.ts'
import type { LedgerStore } from '../../../functions/commit/ledger-store.ts'

/** What the ledger says of an object. Reads only: what is left for dead is not ended. */
export type LedgerStanding = 'unclaimed' | 'claimed' | 'sealed' | 'loaded'

/** @param hash the object's name in the ledger. @throws LedgerStoreError */
export async function standingOf(store: LedgerStore, hash: string): Promise<LedgerStanding> {
  const claim = await store.read(`claims/${hash}`)
  if (!claim) return 'unclaimed'
  const { group } = readClaim(claim.body)
  const done = await store.read(`done/${group}`)
  if (done && readDone(done.body).members.includes(hash)) return 'loaded'
  const found = await store.read(`groups/${group}`)
  if (!found) return 'claimed'
  const end = readGroupEnd(found.body)
  if (end.state === 'sealed' && end.members.some((member) => member.hash === hash)) return 'sealed'
  return 'unclaimed'
}
