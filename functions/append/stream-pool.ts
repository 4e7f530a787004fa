import { CircuitBreaker } from '../model/circuit-breaker.ts'
import { Failure } from '../model/failure.ts'
import type { RetryTools } from '../model/retry.ts'
import { type Table, tableKey } from '../model/table.ts'
import { StandingStream } from './standing-stream.ts'
import type { Moved, TableDirectory } from './table-directory.ts'
import type { WriteApi } from './write-api.ts'

export interface StreamPoolTools extends RetryTools {
  readonly api: WriteApi
  readonly tables: TableDirectory
}

/** Milliseconds after which an idle connection is closed. BigQuery counts them, and ends them itself after 600 s. */
const idleConnection = 120_000
/**
 * Milliseconds without a request after which a stream is not used again. BigQuery forgets streams without traffic: buffered
 * ones after 7 days (https://github.com/googleapis/java-bigquerystorage/issues/2198, where the vendor's text is quoted).
 */
const idleStream = 86_400_000

/**
 * The streams that stand in this process: for each table as many as groups wrote to it at a time, one as a rule, each
 * made once. A group has a stream for itself from its first append to its seal.
 */
export class StreamPool {
  readonly #tools: StreamPoolTools
  /** By table; the one used last is at the end. */
  readonly #free = new Map<string, StandingStream[]>()
  readonly #breakers = new Map<string, CircuitBreaker>()
  readonly #doubtful = new Set<string>()

  constructor(tools: StreamPoolTools) {
    this.#tools = tools
  }

  /**
   * A stream on this table, for the caller alone until it gives it back or leaves it. When the source has as many tables
   * as it may: the table to use instead.
   * @param longestWaitMs milliseconds to wait for this process's share of new streams.
   * @throws Failure when there is no stream to be had. A table that keeps failing is not asked for a while.
   */
  async acquireStream(table: Table, longestWaitMs: number): Promise<StandingStream | Moved> {
    const stream = this.#standing(table)
    if (stream) return stream
    const breaker = this.#breakerOf(table)
    breaker.throwIfOpen()
    try {
      const made = await this.#make(table, longestWaitMs)
      this.#breakers.delete(tableKey(table))
      return made
    } catch (error) {
      // When the share of streams is used up, the table is not at fault.
      if (!(error instanceof Failure) || error.code !== 'streams_exhausted') breaker.failed()
      throw error
    }
  }

  /** Takes a stream back whose rows all belong to sealed groups. */
  giveBack(stream: StandingStream): void {
    const key = tableKey(stream.table)
    const free = this.#free.get(key)
    if (free) free.push(stream)
    else this.#free.set(key, [stream])
  }

  /**
   * Gives a stream up for good: rows of a group without a seal are on it, and a flush of anything behind them would
   * show them. Left alone they are never seen, and BigQuery drops them in time.
   */
  leave(stream: StandingStream): void {
    stream.disconnect()
    this.#tools.tables.forget(stream.table)
  }

  /** Tables whose last append failed. Rows for them are appended first, so that little is wasted if they fail again. */
  isDoubtful(table: Table): boolean {
    return this.#doubtful.has(tableKey(table))
  }

  doubt(table: Table): void {
    this.#doubtful.add(tableKey(table))
  }

  trust(table: Table): void {
    this.#doubtful.delete(tableKey(table))
  }

  /** Closes connections nothing was sent on for a while. */
  closeIdle(): void {
    const now = this.#tools.clock.now()
    for (const stream of [...this.#free.values()].flat()) {
      if (stream.connected && now - stream.usedAt > idleConnection) stream.disconnect()
    }
  }

  /** Closes every connection that no group is using. */
  close(): void {
    for (const stream of [...this.#free.values()].flat()) stream.disconnect()
    this.#free.clear()
  }

  #standing(table: Table): StandingStream | undefined {
    const free = this.#free.get(tableKey(table)) ?? []
    const now = this.#tools.clock.now()
    for (let stream = free.pop(); stream; stream = free.pop()) {
      if (now - stream.usedAt < idleStream) return stream
      this.leave(stream)
    }
    return undefined
  }

  async #make(table: Table, longestWaitMs: number): Promise<StandingStream | Moved> {
    const { api, tables, clock, retry } = this.#tools
    const made = await tables.createStream(table, longestWaitMs)
    if ('moved' in made) return made
    const widen = (as: Table) => tables.widen(as)
    return new StandingStream({ api, clock, retry, widen, name: made.stream, table })
  }

  #breakerOf(table: Table): CircuitBreaker {
    const key = tableKey(table)
    const known = this.#breakers.get(key)
    if (known) return known
    const breaker = new CircuitBreaker(`table ${key}`, this.#tools.clock)
    this.#breakers.set(key, breaker)
    return breaker
  }
}
