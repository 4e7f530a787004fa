import type { FailureCode } from '../../functions/model/failure.ts'
import type { Outcome } from '../../functions/model/outcome.ts'
import { type Attempt, isDeadLettered } from './delivery.ts'
import type { Servers } from './instance.ts'
import { isOnEndedStream, nameOf, recordsOf, sealedAt, viewOf, visibleLines } from './object-facts.ts'
import type { Copy } from './scenario.ts'

/** Checks what must hold at the moment a message is acknowledged. Gives what is wrong, a sentence each. */
export function checkAcknowledged(attempt: Attempt, outcome: Outcome, servers: Servers): string[] {
  const { object } = attempt.message.copy
  const isGivenUp = outcome.kind === 'quarantined' || outcome.kind === 'missing'
  const faults = isGivenUp ? checkGivenUp(attempt, outcome.reason, servers) : []
  const isLoaded =
    visibleLines(object, servers) === 'all' && viewOf(object, servers)?.['outcome'] === 'committed'
  if ((outcome.kind === 'committed' || outcome.kind === 'duplicate') && !isLoaded)
    faults.push(`is acknowledged as ${outcome.kind} before all of ${nameOf(object)} is there`)
  if (recordsOf(object, servers).length === 0) faults.push('is acknowledged without a record')
  return faults.map((fault) => `${attempt.message.id} ${fault}`)
}

/**
 * An object may be given up only by a dead letter, for a reason of its own, and not when it was loaded before that
 * delivery began. (Another copy of it may be loaded while the delivery is at work, or later: the view then says so.)
 */
function checkGivenUp(attempt: Attempt, reason: FailureCode, servers: Servers): string[] {
  const { number, startedAt, message } = attempt
  const { object } = message.copy
  const faults: string[] = []
  if (!isDeadLettered(attempt)) faults.push(`is given up at attempt ${number}`)
  if (!isOwnFault(reason, message.copy, servers)) faults.push(`is given up for ${reason}`)
  if (reason === 'commit_refused') return faults
  if ((sealedAt(object, servers) ?? Number.POSITIVE_INFINITY) <= startedAt)
    faults.push(`is given up though ${nameOf(object)} is sealed`)
  return faults
}

/** Whether an object can be given up for this: by what was drawn for it, or as its copy is gone. */
function isOwnFault(reason: FailureCode, copy: Copy, servers: Servers): boolean {
  if (reason === 'object_missing') return !servers.landing.holds(copy)
  if (reason === 'commit_refused') return isOnEndedStream(copy.object, servers)
  const { fate } = copy.object
  if (fate === 'damaged') return reason === 'corrupt_gzip'
  return fate === 'refused' && reason === 'append_refused'
}
