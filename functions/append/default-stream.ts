import { Failure } from '../model/failure.ts'
import { type RetryTools, retrying, TryAgain } from '../model/retry.ts'
import type { RowDescriptor } from '../split/encode/descriptor.ts'
import { ofAppend } from './answers.ts'
import { requestsOf } from './requests.ts'
import { type AppendConnection, errorOf, type TableId, type WriteApi } from './write-api.ts'

/** What came of an append: the rows are there, or why the table cannot take them as it is. */
export type Appended = 'done' | 'missing' | 'schema_behind'

/**
 * Rows into a table at least once, visible at once: for the bridge's own record, whose readers keep one of a kind.
 * Costs no stream. Any number of callers at a time share one connection.
 */
export class DefaultStream {
  readonly #api: WriteApi
  readonly #name: string
  readonly #descriptor: RowDescriptor
  readonly #tools: RetryTools
  #connection: AppendConnection | undefined

  constructor(api: WriteApi, table: TableId, descriptor: RowDescriptor, tools: RetryTools) {
    this.#api = api
    this.#name = api.defaultStream(table)
    this.#descriptor = descriptor
    this.#tools = tools
  }

  /**
   * Appends rows, in as many requests as their size takes; they are durable when this resolves.
   * @returns `missing` when there is no such table, `schema_behind` when it lacks columns of theirs.
   * @throws Failure when they could not be appended in time.
   */
  async append(rows: readonly Buffer[]): Promise<Appended> {
    for (const request of requestsOf(rows)) {
      const appended = await this.#appendRequest(request)
      if (appended !== 'done') return appended
    }
    return 'done'
  }

  #appendRequest(rows: readonly Buffer[]): Promise<Appended> {
    return retrying(this.#tools, async () => {
      this.#connection ??= this.#api.open(this.#name, this.#descriptor)
      const connection = this.#connection
      const reply = await connection.append(rows, undefined)
      const verdict = ofAppend(reply)
      if (verdict === 'done') return verdict
      if (this.#connection === connection) this.close()
      if (verdict === 'missing' || verdict === 'schema_behind') return verdict
      const what = `${this.#name}: ${reply.kind === 'appended' ? '' : `code ${reply.code}, ${reply.message}`}`
      const cause = errorOf(reply)
      if (verdict !== 'retry') throw new Failure('system', 'append', 'append_refused', what, cause)
      return new TryAgain(new Failure('system', 'append', 'append_unavailable', what, cause))
    })
  }

  close(): void {
    this.#connection?.close()
    this.#connection = undefined
  }
}
