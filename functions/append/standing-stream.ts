/**
 * Stage append: rows into one BUFFERED stream of one table, each exactly once.
 *
 * The stream stands for as long as its process: group after group appends to it, one at a time. Every request goes to
 * an explicit offset, so sending it again after a lost reply cannot add its rows twice, and no row is seen before it
 * is flushed. May fail with a Failure; then what this group appended is in the way of all that would follow, and the
 * stream is to be left unless it is `clean`.
 */
import { Failure } from '../model/failure.ts'
import { type RetryTools, retrying, TryAgain } from '../model/retry.ts'
import { extendsLayout, type Table } from '../model/table.ts'
import { rowDescriptor } from '../split/encode/descriptor.ts'
import { ofAppend } from './answers.ts'
import { type AppendConnection, type AppendReply, errorOf, type WriteApi } from './write-api.ts'

/**
 * Bytes sent and not yet answered on one stream before the next request waits: one full request travels while the
 * next is made. A request is held three times over on its way (rows, message, transport).
 */
const inFlightLimit = 9_000_000

export interface StandingStreamParts extends RetryTools {
  readonly api: WriteApi
  readonly name: string
  /** The table it is on, laid out as the first rows are. */
  readonly table: Table
  /** Gives the table the columns it lacks. BigQuery takes minutes to tell the write side. */
  readonly widen: (table: Table) => Promise<unknown>
}

interface Request {
  readonly rows: readonly Buffer[]
  readonly offset: number
  readonly bytes: number
  reply: Promise<AppendReply>
}

/** One caller at a time. */
export class StandingStream {
  readonly name: string
  readonly #parts: StandingStreamParts
  #table: Table
  #connection: AppendConnection | undefined
  #unanswered: Request[] = []
  #inFlight = 0
  /** Offset of the next row. */
  #next = 0
  /** Rows in front of this offset belong to sealed groups. */
  #sealed = 0
  /** Requests sent for the present group, and whether the last answer was that none of it is here. */
  #sent = 0
  #refused = false
  #gone = false
  #usedAt: number

  constructor(parts: StandingStreamParts) {
    this.name = parts.name
    this.#parts = parts
    this.#table = parts.table
    this.#usedAt = parts.clock.now()
  }

  /** The table it is on, laid out as its rows are. */
  get table(): Table {
    return this.#table
  }

  /** Rows of the present group. */
  get rowCount(): number {
    return this.#next - this.#sealed
  }

  /** Offset of the last row: what a flush for the present group names. */
  get lastOffset(): number {
    return this.#next - 1
  }

  /** Epoch milliseconds of its last request. */
  get usedAt(): number {
    return this.#usedAt
  }

  /**
   * Whether all its rows belong to sealed groups for certain, and always will. A request that was sent once and
   * refused left nothing; any other that was not answered well may yet take effect, however late.
   */
  get clean(): boolean {
    return !this.#gone && (this.#sent === 0 || (this.#sent === 1 && this.#refused))
  }

  /** Has the rows that follow come with the columns of this layout. */
  async use({ layout }: Pick<Table, 'layout'>): Promise<void> {
    // The schema is the connection's: one that is open takes rows with its first columns as well.
    if (this.connected && extendsLayout(this.#table.layout, layout)) return
    await this.settle()
    this.#table = { ...this.#table, layout }
    this.disconnect()
  }

  /** Sends one request of rows; waits while too much is unanswered. */
  async append(rows: readonly Buffer[]): Promise<void> {
    const bytes = rows.reduce((sum, row) => sum + row.length, 0)
    this.#unanswered.push({ rows, bytes, offset: this.#next, reply: this.#send(rows, this.#next) })
    this.#next += rows.length
    this.#inFlight += bytes
    while (this.#inFlight > inFlightLimit) await this.#settleFirst()
  }

  /** Waits for every answer. The rows are then durable, and invisible until flushed. */
  async settle(): Promise<void> {
    while (this.#unanswered.length > 0) await this.#settleFirst()
  }

  /** The present group is sealed, and with it all rows. To be called when every request was answered. */
  endGroup(): void {
    this.#sealed = this.#next
    this.#sent = 0
  }

  /** The present group is given up, and has left nothing. To be called when it is `clean`. */
  rewind(): void {
    this.#next = this.#sealed
    this.#sent = 0
    this.#unanswered = []
    this.#inFlight = 0
    // Its schema may be what the rows were refused for.
    this.disconnect()
  }

  /** Closes the connection; the next request opens another. */
  disconnect(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  get connected(): boolean {
    return this.#connection !== undefined
  }

  #send(rows: readonly Buffer[], offset: number): Promise<AppendReply> {
    this.#connection ??= this.#parts.api.open(this.name, rowDescriptor(this.#table.layout.columns))
    this.#sent += 1
    this.#refused = false
    this.#usedAt = this.#parts.clock.now()
    return this.#connection.append(rows, offset)
  }

  /** Waits until the oldest request is answered for good, sending everything unanswered again as often as it takes. */
  async #settleFirst(): Promise<void> {
    const first = this.#unanswered[0]
    if (!first) return
    let tried = false
    await retrying(this.#parts, async () => {
      if (tried) this.#sendAgain()
      tried = true
      const reply = await first.reply
      const verdict = ofAppend(reply)
      if (verdict === 'done') {
        this.#checkOffset(first, reply)
        this.#unanswered.shift()
        this.#inFlight -= first.bytes
        return verdict
      }
      if (reply.kind !== 'appended' && saysNothingAppended(reply)) this.#refused = true
      if (verdict === 'refused') throw this.#failure('object', 'append_refused', first, reply)
      if (verdict === 'stream_gone' || verdict === 'missing') {
        this.#gone = true
        throw this.#failure('system', 'stream_gone', first, reply)
      }
      const failure = this.#failure('system', 'append_unavailable', first, reply)
      if (verdict === 'schema_behind') await this.#parts.widen(this.#table)
      else if (verdict !== 'retry') throw failure
      return new TryAgain(failure)
    })
  }

  #sendAgain(): void {
    this.disconnect()
    for (const request of this.#unanswered) request.reply = this.#send(request.rows, request.offset)
  }

  /** Rows that are elsewhere than they were sent would be flushed with another group's. */
  #checkOffset(request: Request, reply: AppendReply): void {
    if (reply.kind !== 'appended' || reply.offset === undefined || reply.offset === request.offset) return
    throw this.#failure('system', 'offset_mismatch', request, reply)
  }

  #failure(
    kind: 'object' | 'system',
    code: 'append_refused' | 'append_unavailable' | 'stream_gone' | 'offset_mismatch',
    { rows, offset }: Request,
    reply: AppendReply,
  ): Failure {
    const what = `appending ${rows.length} rows at offset ${offset} of ${this.name}`
    return new Failure(kind, 'append', code, `${what}: ${describe(reply)}`, errorOf(reply))
  }
}

/** The service looked at the request and said why it does not take it. */
function saysNothingAppended(reply: Exclude<AppendReply, { kind: 'appended' }>): boolean {
  return reply.kind === 'refused' || reply.storageError !== undefined
}

function describe(reply: AppendReply): string {
  return reply.kind === 'appended'
    ? `it was appended at offset ${reply.offset}`
    : `code ${reply.code}, ${reply.message}`
}
