import type { AppendConnection, AppendReply } from '../../functions/append/write-api.ts'
import type { RowDescriptor } from '../../functions/split/encode/descriptor.ts'
import { code } from './grpc-codes.ts'
import type { Process } from './process.ts'
import { readMessage } from './read-message.ts'
import type { SeenRow } from './seen-lines.ts'
import { isDefault } from './stream-server.ts'
import type { World } from './world.ts'

export interface ConnectionParts {
  readonly world: World
  readonly process: Process
  readonly stream: string
  readonly descriptor: RowDescriptor
  /** What the server does with a request. */
  readonly append: (rows: readonly SeenRow[], offset: number | undefined) => AppendReply
}

/** Milliseconds without a request after which the service ends a connection. */
const idleMillis = 600_000
/** Milliseconds a caller waits for an answer. */
const timeoutMs = 60_000
/** Bytes of a request at most: https://docs.cloud.google.com/bigquery/quotas#write-api-limits, and the client's older figure. */
const mostBytes = 10_000_000
/** What the service says of a request it failed at while the connection goes on. */
const passing = [code.internal, code.unavailable, code.aborted]

/**
 * One connection: requests arrive and are answered in order. A fault ends it: what was sent and not answered may
 * have taken effect or not, and requests still travelling arrive all the same. Some requests fail alone, answered or
 * not: those behind them arrive, at offsets the stream has not got to.
 */
export class SimulatedConnection implements AppendConnection {
  readonly #parts: ConnectionParts
  readonly #names: Map<number, string>
  readonly #waiting: ((reply: AppendReply) => void)[] = []
  #arrivesAt = 0
  #answeredAt = 0
  #usedAt: number
  #lost: AppendReply | undefined

  constructor(parts: ConnectionParts) {
    this.#parts = parts
    this.#names = new Map(parts.descriptor.field.map(({ number, name }) => [number, name]))
    this.#usedAt = parts.world.now
  }

  append(rows: readonly Buffer[], offset: number | undefined): Promise<AppendReply> {
    const { world, process } = this.#parts
    if (world.now - this.#usedAt > idleMillis) this.#lose('idle for too long', code.aborted)
    if (this.#lost) return Promise.resolve(this.#lost)
    this.#usedAt = world.now
    const { promise, resolve } = Promise.withResolvers<AppendReply>()
    this.#waiting.push(resolve)
    world.maybeFail(process, 'sending an append')
    if (!process.alive) return promise
    this.#arrivesAt = Math.max(this.#arrivesAt, world.now + world.latency())
    const bytes = rows.reduce((sum, row) => sum + row.length, 0)
    const seen = bytes > mostBytes ? 'too large' : rows.map((row) => this.#read(row))
    world.after(this.#arrivesAt - world.now, () => this.#arrive(seen, offset))
    return promise
  }

  close(): void {
    this.#lose('given up')
  }

  /** Another connection to the stream was opened. */
  supersede(): void {
    this.#lose('superseded', code.aborted)
  }

  #arrive(rows: readonly SeenRow[] | 'too large', offset: number | undefined): void {
    const { world, process, stream } = this.#parts
    const { failBefore, failAfter, late } = world.weather
    if (rows === 'too large') {
      this.#reply(() => this.#lose('the request is too large', code.invalidArgument))
      return
    }
    const what = `${process.name} append ${rows.length} at ${offset} of ${stream}`
    const lose = () => this.#lose('connection lost')
    if (world.isDown('write') || world.random() < failBefore) {
      this.#fail(what)
      return
    }
    if (late > 0 && world.random() < late) {
      world.late(what, () => this.#parts.append(rows, offset))
      this.#reply(lose)
      return
    }
    const reply = this.#parts.append(rows, offset)
    world.note(`${what}: ${reply.kind} ${reply.kind === 'appended' ? '' : reply.message}`)
    if (world.random() < failAfter) this.#reply(lose)
    else if (reply.kind === 'lost') this.#reply(() => this.#end(reply))
    else this.#reply(() => this.#answer(reply))
  }

  #fail(what: string): void {
    const { world, process, stream } = this.#parts
    const drawn = world.random()
    if (drawn < 0.4) {
      world.note(`${what}: the connection is lost`)
      this.#reply(() => this.#lose('connection lost'))
    } else if (drawn < 0.6 || isDefault(stream)) {
      const failed = passing[Math.floor(world.random() * passing.length)] ?? code.internal
      world.note(`${what}: fails alone, code ${failed}`)
      const reply = { kind: 'refused' as const, code: failed, storageError: undefined, message: 'for now' }
      this.#reply(() => this.#answer(reply))
    } else {
      world.note(`${what}: is lost alone, and never answered`)
      const giveUp = () => {
        if (this.#waiting.length > 0) this.#lose('no answer in time', code.deadlineExceeded)
      }
      world.after(timeoutMs, () => world.wake(process, giveUp))
    }
  }

  /** The answer that comes next is to the oldest request without one. */
  #answer(reply: AppendReply): void {
    if (!this.#lost) this.#waiting.shift()?.(reply)
  }

  #reply(deliver: () => void): void {
    const { world, process } = this.#parts
    this.#answeredAt = Math.max(this.#answeredAt, world.now + world.latency())
    world.after(this.#answeredAt - world.now, () =>
      world.wake(process, () => {
        world.maybeFail(process, 'reading the answer of an append')
        world.wake(process, deliver)
      }),
    )
  }

  #lose(message: string, grpcCode: number = code.unavailable): void {
    this.#end({ kind: 'lost', code: grpcCode, message })
  }

  #end(reply: AppendReply): void {
    this.#lost ??= reply
    for (const resolve of this.#waiting.splice(0)) resolve(this.#lost)
  }

  #read(row: Buffer): SeenRow {
    return Object.fromEntries(
      [...readMessage(row)].map(([number, value]) => [this.#names.get(number) ?? `?${number}`, value]),
    )
  }
}
