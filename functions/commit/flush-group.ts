/**
 * Stage commit: makes the rows of a sealed group visible, table by table.
 *
 * Safe to repeat, by anyone, any number of times: a stream that is flushed so far already says so, and that is
 * success. Groups sealed by revisions before standing streams have PENDING streams, which are committed instead:
 * these may be in the ledger for as long as it remembers.
 */
import { ofCommit, ofCommitError, ofFlush, type Verdict } from '../append/answers.ts'
import { type CommitReply, type WriteApi, WriteApiError } from '../append/write-api.ts'
import { Failure, messageOf } from '../model/failure.ts'
import { forEachLimited } from '../model/limited.ts'
import { type RetryTools, retrying, TryAgain } from '../model/retry.ts'
import type { SealedGroup, SealedTable } from './ledger-records.ts'

export interface FlushTools extends RetryTools {
  readonly api: WriteApi
}

/** Tables made visible at once. */
const concurrency = 32

interface Answer {
  readonly verdict: Verdict
  readonly detail: string
  readonly cause?: WriteApiError
}

/**
 * Tries every table, whatever becomes of the others. Gives what failed, by the table's place in the group: a Failure
 * `commit_unavailable` (system) when it may yet succeed, `commit_refused` (object) when its stream is gone for good.
 */
export async function flushGroup(
  group: Pick<SealedGroup, 'tables'>,
  tools: FlushTools,
): Promise<ReadonlyMap<number, unknown>> {
  const failures = new Map<number, unknown>()
  await forEachLimited([...group.tables.entries()], concurrency, async ([index, table]) => {
    try {
      await flushTable(table, tools)
    } catch (error) {
      failures.set(index, error)
    }
  })
  return failures
}

async function flushTable(table: SealedTable, tools: FlushTools): Promise<void> {
  await retrying(tools, async () => {
    const { verdict, detail, cause } = await ('stream' in table ? flush(table, tools) : commit(table, tools))
    if (verdict === 'done') return verdict
    // Only an operator can help: the object is quarantined with this as the cause.
    if (verdict === 'refused') throw new Failure('object', 'commit', 'commit_refused', detail, cause)
    const failure = new Failure('system', 'commit', 'commit_unavailable', detail, cause)
    if (verdict === 'retry') return new TryAgain(failure)
    throw failure
  })
}

async function flush(table: Extract<SealedTable, { stream: string }>, { api }: FlushTools): Promise<Answer> {
  const what = `flushing ${table.rows} rows of ${table.dataset}.${table.name} up to ${table.offset} of ${table.stream}`
  try {
    await api.flush(table.stream, table.offset)
    return { verdict: 'done', detail: what }
  } catch (error) {
    if (!(error instanceof WriteApiError)) throw error
    return { verdict: ofFlush(error), detail: `${what}: ${messageOf(error)}`, cause: error }
  }
}

async function commit(
  table: Extract<SealedTable, { streams: string[] }>,
  { api }: FlushTools,
): Promise<Answer> {
  const what = `committing ${table.rows} rows to ${table.dataset}.${table.name}`
  try {
    const reply = await api.commit(table, table.streams)
    return { verdict: ofCommit(reply), detail: `${what}: ${describe(reply)}` }
  } catch (error) {
    if (!(error instanceof WriteApiError)) throw error
    return { verdict: ofCommitError(error), detail: `${what}: ${messageOf(error)}`, cause: error }
  }
}

function describe(reply: CommitReply): string {
  if (reply.kind === 'committed') return 'committed'
  return reply.errors.map((error) => `${error.code} ${error.message}`).join('; ') || 'no commit time'
}
