import type { Bridge } from './config/schema.ts'
import type { Clock } from './model/clock.ts'
import { Failure } from './model/failure.ts'
import type { SourceObject } from './model/object.ts'

const dayMs = 86_400_000

/**
 * Refuses an object that was uploaded so long ago that the ledger may have forgotten it: it may have been loaded before.
 * A day is left for whatever clocks disagree on.
 * @throws Failure `past_ledger`.
 */
export function checkLedgerRemembers(
  { uploadedAt }: SourceObject,
  { google: { ledgerDays } }: Bridge,
  clock: Pick<Clock, 'now'>,
): void {
  if (ledgerDays === undefined) return
  if (uploadedAt !== undefined && clock.now() - uploadedAt < (ledgerDays - 1) * dayMs) return
  const when =
    uploadedAt === undefined ? 'at a time its copy does not tell' : new Date(uploadedAt).toISOString()
  const what = `uploaded ${when}, and the ledger remembers ${ledgerDays} days: it may have been loaded before`
  const fix = 'leave out google.ledgerDays, or raise it, if it was not'
  throw new Failure('object', 'finalize', 'past_ledger', `${what}; ${fix}`)
}
