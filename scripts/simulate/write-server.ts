import type { AppendReply, TableId } from '../../functions/append/write-api.ts'
import type { RowDescriptor } from '../../functions/split/encode/descriptor.ts'
import { code } from './grpc-codes.ts'
import type { SimulatedCatalog, SimulatedWriteApi } from './ports.ts'
import type { Process } from './process.ts'
import { isRefusedCall, type Refusal } from './refusals.ts'
import type { Errors, Revision } from './revision.ts'
import type { Tables } from './scenario.ts'
import { SeenLines, type SeenRow } from './seen-lines.ts'
import { SimulatedConnection } from './simulated-connection.ts'
import { defaultStreamOf, isDefault, Refused, StreamServer, tableOf } from './stream-server.ts'
import { TableServer } from './table-server.ts'
import { Unreachable, type World } from './world.ts'

const hour = 3_600_000

/** How the service treats its callers. */
export interface WriteServerOptions extends Tables {
  readonly refusals: readonly Refusal[]
}

const kindest: WriteServerOptions = { forgetsAfter: undefined, learnsWithin: 0, refusals: [] }

/** BigQuery's write side, in memory, as processes call it over the network. Counts streams made by each process. */
export class WriteServer {
  readonly seen = new SeenLines()
  readonly streams: StreamServer
  readonly #world: World
  readonly #refusals: readonly Refusal[]
  readonly #tables: TableServer
  readonly #connections = new Map<string, SimulatedConnection>()
  readonly #made = new Map<string, number[]>()
  /** Most streams one process made in any hour. */
  mostStreamsAnHour = 0

  constructor(world: World, options: WriteServerOptions = kindest) {
    this.#world = world
    this.#refusals = options.refusals
    this.#tables = new TableServer(world, options.learnsWithin, (table, row) => this.seen.add(table, row))
    this.streams = new StreamServer(world, this.#tables, options.forgetsAfter)
  }

  /** What a query would see. */
  rowsOf(table: string): readonly SeenRow[] {
    return this.#tables.rowsOf(table)
  }

  /** Metadata as one process sees it. */
  catalogFor(process: Process, errors: Errors): SimulatedCatalog {
    return this.#tables.catalogFor(process, errors)
  }

  /** The Storage Write API as one process sees it; its streams are of the kind its revision makes. */
  clientFor(
    process: Process,
    { streams: streamKind, errors }: Pick<Revision, 'streams' | 'errors'>,
  ): SimulatedWriteApi {
    const call = async <T>(what: string, serve: () => T): Promise<T> => {
      try {
        const named = `${process.name} ${what}`
        return await this.#world.call({ process, what: named, service: 'write', serve })
      } catch (error) {
        throw asWriteError(error, errors)
      }
    }
    const { streams } = this
    return {
      createStream: (table) =>
        call(`create stream for ${table.name}`, () => {
          this.#countStream(process)
          this.#check('createStream', `${table.dataset}.${table.name}`)
          return streams.create(streamKind, table)
        }),
      open: (stream, descriptor) => this.#open(process, stream, descriptor),
      flush: (stream, offset) =>
        call(`flush ${stream} to ${offset}`, () => {
          this.#check('publish', tableOf(stream))
          streams.flush(stream, offset)
        }),
      finalize: (stream) => call(`finalize ${stream}`, () => streams.finalize(stream)),
      commit: (table: TableId, names) =>
        call(`commit ${names.join(' ')}`, () => {
          this.#check('publish', `${table.dataset}.${table.name}`)
          return streams.commit(table, names)
        }),
      defaultStream: defaultStreamOf,
    }
  }

  /** An application stream takes one connection at a time. */
  #open(process: Process, stream: string, descriptor: RowDescriptor): SimulatedConnection {
    const append = (rows: readonly SeenRow[], offset: number | undefined): AppendReply =>
      this.streams.append(stream, descriptor, rows, offset)
    const connection = new SimulatedConnection({ world: this.#world, process, stream, descriptor, append })
    if (isDefault(stream)) return connection
    this.#connections.get(stream)?.supersede()
    this.#connections.set(stream, connection)
    return connection
  }

  #check(call: Refusal['call'], table: string): void {
    if (isRefusedCall(this.#refusals, { call, table, now: this.#world.now }))
      throw new Refused(code.permissionDenied, `${call} of ${table} is denied`)
  }

  #countStream(process: Process): void {
    const made = (this.#made.get(process.name) ?? []).filter((at) => at > this.#world.now - hour)
    made.push(this.#world.now)
    this.#made.set(process.name, made)
    this.mostStreamsAnHour = Math.max(this.mostStreamsAnHour, made.length)
  }
}

function asWriteError(error: unknown, errors: Errors): unknown {
  if (error instanceof Unreachable) return errors.write(code.unavailable, 'unreachable')
  if (error instanceof Refused) return errors.write(error.code, error.message, error.storageError)
  return error
}
