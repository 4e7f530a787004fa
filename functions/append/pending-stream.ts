/**
 * Stage append: rows into one PENDING stream of one table, each exactly once.
 *
 * Every request goes to an explicit offset, so sending it again after a lost reply cannot add its rows twice.
 * May fail with a system Failure. Safe to repeat: what is not committed is never seen.
 */
import type { Clock } from '../model/clock.ts'
import { Failure, messageOf } from '../model/failure.ts'
import { Retries, type RetryPolicy } from '../model/retry.ts'
import { ofAppend, ofCode } from './answers.ts'
import type { RowDescriptor } from './descriptor.ts'
import { type AppendConnection, type AppendReply, type WriteApi, WriteApiError } from './write-api.ts'

/**
 * Bytes sent and not yet answered on one stream before the next request waits: one full request travels while the
 * next is made. A request is held three times over on its way (rows, message, transport).
 */
const inFlightLimit = 9_000_000

export interface PendingStreamParts {
  readonly api: WriteApi
  readonly name: string
  readonly descriptor: RowDescriptor
  readonly clock: Clock
  readonly retry: RetryPolicy
  /** Gives the table the columns it lacks. BigQuery takes minutes to tell the write side. */
  readonly widen: () => Promise<unknown>
}

interface Request {
  readonly rows: readonly Buffer[]
  readonly offset: number
  readonly bytes: number
  reply: Promise<AppendReply>
}

/** A stream being filled. One caller at a time. */
export class PendingStream {
  readonly name: string
  readonly #api: WriteApi
  #descriptor: RowDescriptor
  readonly #clock: Clock
  readonly #retry: RetryPolicy
  readonly #widen: () => Promise<unknown>
  #connection: AppendConnection
  #unanswered: Request[] = []
  #inFlight = 0
  #next = 0

  constructor({ api, name, descriptor, clock, retry, widen }: PendingStreamParts) {
    this.name = name
    this.#api = api
    this.#descriptor = descriptor
    this.#clock = clock
    this.#retry = retry
    this.#widen = widen
    this.#connection = api.open(name, descriptor)
  }

  /** Rows appended, answered or not. */
  get rowCount(): number {
    return this.#next
  }

  /** Sends one request of rows; waits while too much is unanswered. */
  async append(rows: readonly Buffer[]): Promise<void> {
    const bytes = rows.reduce((sum, row) => sum + row.length, 0)
    const reply = this.#connection.append(rows, this.#next)
    this.#unanswered.push({ rows, offset: this.#next, bytes, reply })
    this.#next += rows.length
    this.#inFlight += bytes
    while (this.#inFlight > inFlightLimit) await this.#settleFirst()
  }

  /** Has the rows that follow come with more fields than those before. */
  async extend(descriptor: RowDescriptor): Promise<void> {
    while (this.#unanswered.length > 0) await this.#settleFirst()
    this.#descriptor = descriptor
    this.#sendAgain()
  }

  /** Waits for every answer and ends the stream. Its rows are then durable, and still invisible. */
  async finish(): Promise<void> {
    while (this.#unanswered.length > 0) await this.#settleFirst()
    this.#connection.close()
    const rows = await this.#finalize()
    if (rows === this.#next) return
    throw new Failure(
      'system',
      'append',
      'row_count_mismatch',
      `${this.name} has ${rows} rows, ${this.#next} were sent`,
    )
  }

  /** Gives the stream up. BigQuery drops what is never committed. */
  abandon(): void {
    this.#connection.close()
  }

  /** Waits until the oldest request is answered for good, sending everything unanswered again as often as it takes. */
  async #settleFirst(): Promise<void> {
    let retries: Retries | undefined
    for (;;) {
      const first = this.#unanswered[0]
      if (!first) return
      const reply = await first.reply
      const verdict = ofAppend(reply)
      if (verdict === 'done') {
        this.#unanswered.shift()
        this.#inFlight -= first.bytes
        return
      }
      if (verdict === 'refused') throw refused(this.name, first, reply)
      if (verdict === 'schema_behind') await this.#widen()
      else if (verdict !== 'retry') throw unavailable(this.name, first, reply)
      retries ??= new Retries(this.#retry, this.#clock)
      if (!(await retries.again())) throw unavailable(this.name, first, reply)
      this.#sendAgain()
    }
  }

  #sendAgain(): void {
    this.#connection.close()
    this.#connection = this.#api.open(this.name, this.#descriptor)
    for (const request of this.#unanswered)
      request.reply = this.#connection.append(request.rows, request.offset)
  }

  async #finalize(): Promise<number> {
    const retries = new Retries(this.#retry, this.#clock)
    for (;;) {
      try {
        return await this.#api.finalize(this.name)
      } catch (error) {
        const again =
          error instanceof WriteApiError && ofCode(error.code) === 'retry' && (await retries.again())
        if (!again)
          throw new Failure(
            'system',
            'append',
            'append_unavailable',
            `finalizing ${this.name}: ${messageOf(error)}`,
            error,
          )
      }
    }
  }
}

function refused(stream: string, request: Request, reply: AppendReply): Failure {
  return new Failure(
    'object',
    'append',
    'append_refused',
    `${at(stream, request)} was refused: ${describe(reply)}`,
  )
}

function unavailable(stream: string, request: Request, reply: AppendReply): Failure {
  return new Failure(
    'system',
    'append',
    'append_unavailable',
    `${at(stream, request)} could not be appended: ${describe(reply)}`,
  )
}

function at(stream: string, request: Request): string {
  return `appending ${request.rows.length} rows at offset ${request.offset} of ${stream}`
}

function describe(reply: AppendReply): string {
  return reply.kind === 'appended' ? 'appended' : `code ${reply.code}, ${reply.message}`
}
