/**
 * Stages append and commit: the rows of one object into BigQuery.
 *
 * Takes: rows by table. Gives: nothing until `commit`, then all of them visible. May fail with a Failure; what was
 * appended and not committed is never seen.
 */
import { ofCode, ofCommit } from '../append/answers.ts'
import { rowDescriptor } from '../append/descriptor.ts'
import { PendingStream } from '../append/pending-stream.ts'
import { requestsOf } from '../append/requests.ts'
import { type CommitReply, type WriteApi, WriteApiError } from '../append/write-api.ts'
import type { Clock } from '../model/clock.ts'
import { Failure, messageOf } from '../model/failure.ts'
import { Retries, type RetryPolicy } from '../model/retry.ts'
import { type Table, tableKey } from '../model/table.ts'
import type { TableRows } from '../split/table-rows.ts'
import type { TableDirectory } from './table-directory.ts'

/** What a group works with. */
export interface GroupTools {
  readonly api: WriteApi
  readonly tables: TableDirectory
  readonly clock: Clock
  readonly retry: RetryPolicy
}

interface TableStream {
  readonly table: Table
  readonly stream: PendingStream
}

/** Rows on their way into several tables. One caller at a time. */
export class Group {
  readonly #tools: GroupTools
  readonly #streams = new Map<string, TableStream>()

  constructor(tools: GroupTools) {
    this.#tools = tools
  }

  /** Appends rows to the streams of their tables, opening those that are not. */
  async append(gathered: readonly TableRows[]): Promise<void> {
    for (const { table, rows } of gathered) {
      const { stream } = await this.#streamOf(table)
      for (const request of requestsOf(rows)) await stream.append(request)
    }
  }

  /** Ends the streams and makes their rows visible, table by table. */
  async commit(): Promise<void> {
    const streams = [...this.#streams.values()]
    await Promise.all(streams.map(({ stream }) => stream.finish()))
    await Promise.all(streams.map(({ table, stream }) => this.#commitTable(table, stream.name)))
  }

  /** Gives everything up that was appended. */
  abandon(): void {
    for (const { stream } of this.#streams.values()) stream.abandon()
  }

  async #streamOf(wanted: Table): Promise<TableStream> {
    const open = this.#streams.get(tableKey(wanted))
    if (open) return open
    const { api, tables, clock, retry } = this.#tools
    const { table, stream } = await tables.createStream(wanted)
    const opened = {
      table,
      stream: new PendingStream(api, stream, rowDescriptor(table.layout.columns), clock, retry),
    }
    this.#streams.set(tableKey(wanted), opened)
    return opened
  }

  async #commitTable(table: Table, stream: string): Promise<void> {
    const retries = new Retries(this.#tools.retry, this.#tools.clock)
    for (;;) {
      const { verdict, detail } = await this.#tryCommit(table, stream)
      if (verdict === 'done') return
      if (verdict !== 'retry') throw new Failure('system', 'commit', 'commit_refused', detail)
      if (!(await retries.again())) throw new Failure('system', 'commit', 'commit_unavailable', detail)
    }
  }

  async #tryCommit(
    table: Table,
    stream: string,
  ): Promise<{ verdict: ReturnType<typeof ofCommit>; detail: string }> {
    try {
      const reply = await this.#tools.api.commit(table, [stream])
      return { verdict: ofCommit(reply), detail: `committing to ${tableKey(table)}: ${describe(reply)}` }
    } catch (error) {
      if (!(error instanceof WriteApiError)) throw error
      return { verdict: ofCode(error.code), detail: `committing to ${tableKey(table)}: ${messageOf(error)}` }
    }
  }
}

function describe(reply: CommitReply): string {
  if (reply.kind === 'committed') return 'committed'
  return reply.errors.map((error) => `${error.code} ${error.message}`).join('; ') || 'no commit time'
}
