/**
 * Stage commit: makes the rows of a sealed group visible, table by table.
 *
 * Safe to repeat, by anyone, any number of times: a stream is committed once, and being committed already is success.
 */
import { ofCode, ofCommit, type Verdict } from '../append/answers.ts'
import { type CommitReply, WriteApiError } from '../append/write-api.ts'
import { Failure, messageOf } from '../model/failure.ts'
import { forEachLimited } from '../model/limited.ts'
import { Retries } from '../model/retry.ts'
import type { WriteTools } from './group-writer.ts'
import type { SealedGroup } from './ledger-records.ts'

type TableStreams = SealedGroup['tables'][number]

const concurrency = 8

export async function commitGroup(group: SealedGroup, tools: WriteTools): Promise<void> {
  await forEachLimited(group.tables, concurrency, (table) => commitTable(table, tools))
}

async function commitTable(table: TableStreams, tools: WriteTools): Promise<void> {
  let retries: Retries | undefined
  for (;;) {
    const { verdict, detail } = await tryCommit(table, tools)
    if (verdict === 'done') return
    // Nothing an object can do about it, but an operator can: it is quarantined with this as the cause.
    if (verdict !== 'retry') throw new Failure('object', 'commit', 'commit_refused', detail)
    retries ??= new Retries(tools.retry, tools.clock)
    if (!(await retries.again())) throw new Failure('system', 'commit', 'commit_unavailable', detail)
  }
}

async function tryCommit(
  table: TableStreams,
  { api }: WriteTools,
): Promise<{ verdict: Verdict; detail: string }> {
  const what = `committing ${table.rows} rows to ${table.dataset}.${table.name}`
  try {
    const reply = await api.commit(table, table.streams)
    return { verdict: ofCommit(reply), detail: `${what}: ${describe(reply)}` }
  } catch (error) {
    if (!(error instanceof WriteApiError)) throw error
    return { verdict: ofCode(error.code), detail: `${what}: ${messageOf(error)}` }
  }
}

function describe(reply: CommitReply): string {
  if (reply.kind === 'committed') return 'committed'
  return reply.errors.map((error) => `${error.code} ${error.message}`).join('; ') || 'no commit time'
}
