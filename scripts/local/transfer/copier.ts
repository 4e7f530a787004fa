import { setTimeout as wait } from 'node:timers/promises'
import type { CallCounter } from '../calls.ts'
import type { Faults } from '../faults.ts'
import type { CopyLog } from './copy-log.ts'
import { type Route, sinkName } from './job.ts'
import { type Candidate, type CopyResult, copyObject } from './object-copy.ts'
import type { OperationRun } from './operation-run.ts'
import type { Remotes } from './remotes.ts'

/** What every copy of this stand-in shares. */
export interface CopyContext {
  readonly remotes: Remotes
  readonly log: CopyLog
  readonly calls: CallCounter
  readonly faults: Faults
  /** Milliseconds since the epoch. */
  readonly clock: () => number
}

export interface CopyTask {
  readonly candidate: Candidate
  readonly uploadedAt?: string
  readonly eventReceivedAt?: string
}

/** Milliseconds before the second, third and fourth try. */
const pauses = [100, 200, 400]

/**
 * Copies an object if the route takes it, counts and logs it. Resolves when it is copied, need not be, or
 * cannot ever be; throws when four tries have failed. Safe to repeat: an object that is there is skipped.
 */
export async function transfer(context: CopyContext, route: Route, run: OperationRun, task: CopyTask) {
  const name = sinkName(route, task.candidate.key)
  if (name === undefined) return
  const fault = await context.faults.meet('COPY')
  if (fault.reorderMs > 0) await wait(fault.reorderMs)
  if (fault.fail) throw new Error('the copy failed on purpose')
  const result = await copyWithRetries(context, route, task.candidate, name)
  record(context, route, run, task, name, result)
  if (fault.duplicate) {
    const again = await copyWithRetries(context, { ...route, overwrite: 'always' }, task.candidate, name)
    record(context, route, run, task, name, again)
  }
  if (fault.dropReply) throw new Error('the copy is there, but was reported as failed on purpose')
}

async function copyWithRetries(
  { remotes, calls }: CopyContext,
  route: Route,
  candidate: Candidate,
  name: string,
): Promise<CopyResult> {
  for (let attempt = 0; ; attempt++) {
    calls.count('COPY')
    try {
      return await copyObject(remotes, route, candidate, name)
    } catch (error) {
      const pause = pauses[attempt]
      if (pause === undefined) throw error
      await wait(pause)
    }
  }
}

function record(
  { log, clock }: CopyContext,
  route: Route,
  run: OperationRun,
  task: CopyTask,
  name: string,
  result: CopyResult,
): void {
  const source = `s3://${route.sourceBucket}/${task.candidate.key}`
  run.count(result, source)
  log.write({
    source,
    destination: `gs://${route.sinkBucket}/${name}`,
    ...('etag' in result && result.etag !== undefined && { etag: result.etag }),
    bytes: result.bytes,
    ...(task.uploadedAt !== undefined && { uploadedAt: task.uploadedAt }),
    ...(task.eventReceivedAt !== undefined && { eventReceivedAt: task.eventReceivedAt }),
    copiedAt: new Date(clock()).toISOString(),
    outcome: result.outcome,
    ...('error' in result && { error: result.error }),
  })
}
