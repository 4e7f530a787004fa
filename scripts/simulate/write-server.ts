import type { RowDescriptor } from '../../functions/append/descriptor.ts'
import type { TableCatalog } from '../../functions/append/tables.ts'
import {
  type AppendConnection,
  type AppendReply,
  type CommitReply,
  grpc,
  type TableId,
  type WriteApi,
  WriteApiError,
} from '../../functions/append/write-api.ts'
import { Failure } from '../../functions/model/failure.ts'
import { readMessage } from './read-message.ts'
import { type Process, Unreachable, type World } from './world.ts'

/** A row by column name, as the server read it off the wire. */
export type SeenRow = Readonly<Record<string, string | bigint>>

interface Stream {
  readonly name: string
  readonly table: string
  readonly rows: SeenRow[]
  state: 'open' | 'finalized' | 'committed'
}

/** A word in a row that makes the server refuse the request, as it would a value the column cannot hold. */
export const refusedWord = 'REFUSED-BY-THE-TABLE'

const hour = 3_600_000

/**
 * BigQuery's write side, in memory: PENDING streams with strict offsets, atomic commit per table, default streams, and
 * tables that are known to it only some time after they were made. Counts streams made by each process.
 */
export class WriteServer {
  readonly #world: World
  readonly #streams = new Map<string, Stream>()
  readonly #tables = new Map<string, { readonly usableAt: number; readonly rows: SeenRow[] }>()
  readonly #made = new Map<string, number[]>()
  #count = 0
  /** Most streams one process made in any hour. */
  mostStreamsAnHour = 0

  constructor(world: World) {
    this.#world = world
  }

  /** What a query would see. */
  rowsOf(table: string): readonly SeenRow[] {
    return this.#tables.get(table)?.rows ?? []
  }

  tableNames(): string[] {
    return [...this.#tables.keys()]
  }

  /** Metadata as one process sees it. */
  catalogFor(process: Process): TableCatalog {
    const call = async <T>(what: string, serve: () => T): Promise<T> => {
      try {
        return await this.#world.call(process, `${process.name} ${what}`, serve)
      } catch (error) {
        throw new Failure('system', 'append', 'table_unavailable', what, error)
      }
    }
    return {
      create: ({ dataset, name }) =>
        call(`create table ${name}`, () => this.#makeTable(`${dataset}.${name}`)),
      // Its tables take any row.
      widen: () => Promise.resolve([]),
      count: (dataset, prefix, atMost) =>
        call('list tables', () => {
          const names = this.tableNames().filter((name) => name.startsWith(`${dataset}.${prefix}`))
          return Math.min(names.length, atMost)
        }),
    }
  }

  /** The Storage Write API as one process sees it. */
  clientFor(process: Process): WriteApi {
    const call = async <T>(what: string, serve: () => T): Promise<T> => {
      try {
        return await this.#world.call(process, `${process.name} ${what}`, serve)
      } catch (error) {
        if (error instanceof Unreachable) throw new WriteApiError(grpc.unavailable, 'unreachable', error)
        throw error
      }
    }
    return {
      createStream: (table) =>
        call(`create stream for ${table.name}`, () => this.#createStream(process, table)),
      open: (stream, descriptor) => new SimulatedConnection(this.#world, this, process, stream, descriptor),
      finalize: (stream) => call(`finalize ${stream}`, () => this.#finalize(stream)),
      commit: (table, streams) => call(`commit ${streams.join(' ')}`, () => this.#commit(table, streams)),
      defaultStream: ({ dataset, name }) => `${dataset}.${name}/_default`,
    }
  }

  /** One AppendRows request, whole or not at all. */
  append(name: string, rows: readonly SeenRow[], offset: number | undefined): AppendReply {
    const [table] = name.split('/_default')
    if (table !== undefined && table !== name) return this.#appendDefault(table, rows)
    const stream = this.#streams.get(name)
    if (!stream) return refusal(grpc.notFound, 'STREAM_NOT_FOUND')
    if (stream.state !== 'open') return refusal(grpc.invalidArgument, 'STREAM_FINALIZED')
    if (offset === undefined || offset > stream.rows.length)
      return refusal(grpc.outOfRange, 'OFFSET_OUT_OF_RANGE')
    if (offset < stream.rows.length) return refusal(grpc.alreadyExists, 'OFFSET_ALREADY_EXISTS')
    if (rows.some((row) => String(row['message']).includes(refusedWord))) {
      return refusal(grpc.invalidArgument, undefined)
    }
    stream.rows.push(...rows)
    return { kind: 'appended' }
  }

  #appendDefault(table: string, rows: readonly SeenRow[]): AppendReply {
    const known = this.#usable(table)
    if (!known) return { kind: 'lost', code: grpc.notFound, message: `no table ${table}` }
    known.rows.push(...rows)
    return { kind: 'appended' }
  }

  #makeTable(name: string): void {
    if (this.#tables.has(name)) return
    this.#tables.set(name, { usableAt: this.#world.now + this.#world.random() * 3_000, rows: [] })
  }

  #usable(table: string) {
    const known = this.#tables.get(table)
    return known && known.usableAt <= this.#world.now ? known : undefined
  }

  #createStream(process: Process, { dataset, name }: TableId): string {
    this.#countStream(process)
    const table = `${dataset}.${name}`
    if (!this.#usable(table)) throw new WriteApiError(grpc.notFound, `no table ${table}`)
    this.#count += 1
    const stream: Stream = { name: `${table}/${this.#count}`, table, rows: [], state: 'open' }
    this.#streams.set(stream.name, stream)
    return stream.name
  }

  #countStream(process: Process): void {
    const made = (this.#made.get(process.name) ?? []).filter((at) => at > this.#world.now - hour)
    made.push(this.#world.now)
    this.#made.set(process.name, made)
    this.mostStreamsAnHour = Math.max(this.mostStreamsAnHour, made.length)
  }

  #finalize(name: string): number {
    const stream = this.#streams.get(name)
    if (!stream) throw new WriteApiError(grpc.notFound, `no stream ${name}`)
    if (stream.state === 'open') stream.state = 'finalized'
    return stream.rows.length
  }

  #commit({ dataset, name }: TableId, names: readonly string[]): CommitReply {
    const table = this.#tables.get(`${dataset}.${name}`)
    const streams = names.map((one) => this.#streams.get(one))
    const errors = streams.flatMap((stream, index) => {
      const code = !stream
        ? 'STREAM_NOT_FOUND'
        : stream.state === 'committed'
          ? 'STREAM_ALREADY_COMMITTED'
          : stream.state === 'open' || stream.table !== `${dataset}.${name}`
            ? 'INVALID_STREAM_STATE'
            : undefined
      return code === undefined ? [] : [{ code, message: names[index] ?? '' }]
    })
    if (errors.length > 0 || !table) return { kind: 'refused', errors }
    for (const stream of streams) {
      if (!stream) continue
      stream.state = 'committed'
      table.rows.push(...stream.rows)
    }
    return { kind: 'committed' }
  }
}

function refusal(code: number, storageError: string | undefined): AppendReply {
  return { kind: 'refused', code, storageError, message: storageError ?? 'the rows are refused' }
}

/**
 * One connection: requests arrive and are answered in order. A fault ends it: what was sent and not answered may
 * have taken effect or not, and requests still travelling arrive all the same.
 */
class SimulatedConnection implements AppendConnection {
  readonly #world: World
  readonly #server: WriteServer
  readonly #process: Process
  readonly #stream: string
  readonly #names: Map<number, string>
  readonly #waiting: ((reply: AppendReply) => void)[] = []
  #arrivesAt = 0
  #answeredAt = 0
  #lost: AppendReply | undefined

  constructor(
    world: World,
    server: WriteServer,
    process: Process,
    stream: string,
    descriptor: RowDescriptor,
  ) {
    this.#world = world
    this.#server = server
    this.#process = process
    this.#stream = stream
    this.#names = new Map(descriptor.field.map(({ number, name }) => [number, name]))
  }

  append(rows: readonly Buffer[], offset: number | undefined): Promise<AppendReply> {
    if (this.#lost) return Promise.resolve(this.#lost)
    const { promise, resolve } = Promise.withResolvers<AppendReply>()
    this.#waiting.push(resolve)
    this.#world.maybeDie(this.#process, 'sending an append')
    if (!this.#process.alive) return promise
    const seen = rows.map((row) => this.#read(row))
    this.#arrivesAt = Math.max(this.#arrivesAt, this.#world.now + this.#world.latency())
    this.#world.after(this.#arrivesAt - this.#world.now, () => this.#arrive(seen, offset))
    return promise
  }

  close(): void {
    this.#lose('given up')
  }

  #arrive(rows: readonly SeenRow[], offset: number | undefined): void {
    const { random, weather } = this.#world
    const lose = () => this.#lose('connection lost')
    if (random() < weather.failBefore) {
      this.#reply(lose)
      return
    }
    const reply = this.#server.append(this.#stream, rows, offset)
    this.#world.note(
      `${this.#process.name} append ${rows.length} at ${offset} of ${this.#stream}: ${reply.kind}`,
    )
    if (random() < weather.failAfter) this.#reply(lose)
    else if (reply.kind === 'lost') this.#reply(() => this.#lose(reply.message, reply.code))
    else this.#reply(() => this.#lost ?? this.#waiting.shift()?.(reply))
  }

  #reply(deliver: () => void): void {
    this.#answeredAt = Math.max(this.#answeredAt, this.#world.now + this.#world.latency())
    this.#world.after(this.#answeredAt - this.#world.now, () => {
      this.#world.maybeDie(this.#process, 'reading the answer of an append')
      if (this.#process.alive) deliver()
    })
  }

  #lose(message: string, code: number = grpc.unavailable): void {
    this.#lost ??= { kind: 'lost', code, message }
    for (const resolve of this.#waiting.splice(0)) resolve(this.#lost)
  }

  #read(row: Buffer): SeenRow {
    return Object.fromEntries(
      [...readMessage(row)].map(([number, value]) => [this.#names.get(number) ?? `?${number}`, value]),
    )
  }
}
