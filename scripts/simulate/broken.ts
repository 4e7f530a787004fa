import { recoverByAppending, sealAfterCommit, skipTheClaim, withoutFence } from './broken-ledger.ts'
import {
  appendBehind,
  finalizeUnflushed,
  flushBeforeSeal,
  flushOneTooFew,
  flushOneTooMany,
} from './broken-streams.ts'
import type { Break } from './instance.ts'

/**
 * The protocol with one of its parts taken out, by replacing a port of the loader: the production code has no switch
 * for it. A simulation that does not notice these proves nothing.
 */
export const brokenProtocols = {
  'skip the claim': skipTheClaim,
  'seal after commit': sealAfterCommit,
  'drop the fence': withoutFence,
  "recover a dead owner's group by appending again": recoverByAppending,
  'append behind a group that got no seal': appendBehind,
  'flush before the seal': flushBeforeSeal,
  'flush one row too few': flushOneTooFew,
  'flush one row too many': flushOneTooMany,
  'finalize a stream with sealed rows unflushed': finalizeUnflushed,
} as const satisfies Record<string, Break>

export type BrokenProtocol = keyof typeof brokenProtocols

/** Those that change nothing in a revision whose streams are not flushed. */
export const ofStandingStreams: ReadonlySet<BrokenProtocol> = new Set<BrokenProtocol>([
  'append behind a group that got no seal',
  'flush before the seal',
  'flush one row too few',
  'flush one row too many',
  'finalize a stream with sealed rows unflushed',
])
