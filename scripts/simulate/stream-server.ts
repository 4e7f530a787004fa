import type { AppendReply, CommitReply, TableId } from '../../functions/append/write-api.ts'
import type { RowDescriptor } from '../../functions/split/encode/descriptor.ts'
import { isRefused, tokenOf } from './draw-object.ts'
import { code } from './grpc-codes.ts'
import type { Streams } from './revision.ts'
import type { SeenRow } from './seen-lines.ts'
import type { TableServer } from './table-server.ts'
import type { World } from './world.ts'

interface Stream {
  readonly name: string
  readonly table: string
  readonly kind: Streams
  readonly rows: SeenRow[]
  /** Rows that were flushed. */
  flushed: number
  finalized: boolean
  committed: boolean
  usedAt: number
}

/** An error the service answers a call with. */
export class Refused extends Error {
  readonly code: number
  readonly storageError: string | undefined

  constructor(grpcCode: number, message: string, storageError?: string) {
    super(message)
    this.code = grpcCode
    this.storageError = storageError
  }
}

/**
 * Streams of BigQuery's write side, in memory: PENDING ones with atomic commit per table, BUFFERED ones that are flushed
 * up to an offset, default streams. Offsets take rows once. A stream without traffic is forgotten after a while.
 */
export class StreamServer {
  readonly #world: World
  readonly #tables: TableServer
  readonly #forgetsAfter: number
  readonly #streams = new Map<string, Stream>()
  /** Those that somebody ended who is no loader; for the check, also when they are forgotten. */
  readonly #ended: Stream[] = []
  #count = 0

  constructor(world: World, tables: TableServer, forgetsAfter = Number.POSITIVE_INFINITY) {
    this.#world = world
    this.#tables = tables
    this.#forgetsAfter = forgetsAfter
  }

  create(kind: Streams, { dataset, name }: TableId): string {
    const table = `${dataset}.${name}`
    if (!this.#tables.isUsable(table)) throw new Refused(code.notFound, `no table ${table}`)
    this.#count += 1
    const stream: Stream = {
      name: `${table}/${this.#count}`,
      table,
      kind,
      rows: [],
      flushed: 0,
      finalized: false,
      committed: false,
      usedAt: this.#world.now,
    }
    this.#streams.set(stream.name, stream)
    return stream.name
  }

  /** Rows of a stream; none when it is gone. */
  rowCount(name: string): number {
    return this.#find(name)?.rows.length ?? 0
  }

  /** One AppendRows request, whole or not at all. */
  append(
    name: string,
    descriptor: RowDescriptor,
    rows: readonly SeenRow[],
    offset: number | undefined,
  ): AppendReply {
    const table = tableOf(name)
    const stream = isDefault(name) ? undefined : this.#find(name)
    if (isDefault(name) && !this.#tables.isUsable(table))
      return { kind: 'lost', code: code.notFound, message: `no table ${table}` }
    if (!isDefault(name)) {
      if (!stream) return this.#eitherWay(code.notFound, 'STREAM_NOT_FOUND')
      stream.usedAt = this.#world.now
      const length = stream.rows.length
      if (stream.finalized) return refusal(code.invalidArgument, 'STREAM_FINALIZED')
      if (offset !== undefined && offset > length) return refusal(code.outOfRange, 'OFFSET_OUT_OF_RANGE')
      if (offset !== undefined && offset < length) return refusal(code.alreadyExists, 'OFFSET_ALREADY_EXISTS')
    }
    const fit = this.#tables.fit(table, descriptor)
    if (fit === 'extra fields') return this.#eitherWay(code.invalidArgument, 'SCHEMA_MISMATCH_EXTRA_FIELDS')
    if (fit === 'other types' || rows.some(isRefused)) return refusal(code.invalidArgument, undefined)
    const reply = { kind: 'appended' as const, ...(stream && { offset: stream.rows.length }) }
    if (stream) stream.rows.push(...rows)
    else this.#tables.publish(table, rows)
    return reply
  }

  /** Makes rows of a BUFFERED stream visible, up to this offset, inclusive. */
  flush(name: string, offset: number): void {
    const stream = this.#find(name)
    if (!stream) throw new Refused(code.notFound, `no stream ${name}`, 'STREAM_NOT_FOUND')
    stream.usedAt = this.#world.now
    if (stream.kind !== 'BUFFERED') throw new Refused(code.invalidArgument, 'no stream to flush')
    if (stream.finalized)
      throw new Refused(code.invalidArgument, 'the stream is finalized', 'STREAM_FINALIZED')
    if (offset < stream.flushed) throw new Refused(code.alreadyExists, `flushed to ${stream.flushed}`)
    if (offset >= stream.rows.length)
      throw new Refused(code.outOfRange, `the stream has ${stream.rows.length} rows`)
    this.#tables.publish(stream.table, stream.rows.slice(stream.flushed, offset + 1))
    stream.flushed = offset + 1
  }

  /** Ends a stream. Gives the number of its rows. */
  finalize(name: string): number {
    const stream = this.#find(name)
    if (!stream) throw new Refused(code.notFound, `no stream ${name}`, 'STREAM_NOT_FOUND')
    stream.usedAt = this.#world.now
    stream.finalized = true
    return stream.rows.length
  }

  /** Has somebody who is no loader finalize the BUFFERED streams there are on tables whose names end so. */
  end(suffix: string): void {
    for (const stream of this.#streams.values()) {
      if (stream.kind !== 'BUFFERED' || stream.finalized || !stream.table.endsWith(suffix)) continue
      this.#world.note(`${stream.name} is ended by somebody`)
      stream.finalized = true
      this.#ended.push(stream)
    }
  }

  /** Tokens of rows on streams that somebody has ended: of all, or of those that were not flushed by then. */
  endedTokens(which: 'all' | 'unflushed'): ReadonlySet<string> {
    return new Set(
      this.#ended.flatMap(({ rows, flushed }) => rows.slice(which === 'all' ? 0 : flushed).map(tokenOf)),
    )
  }

  /** Commits finalized PENDING streams of one table, all or none. */
  commit({ dataset, name }: TableId, names: readonly string[]): CommitReply {
    const table = `${dataset}.${name}`
    const streams = names.map((one) => this.#find(one))
    const errors = streams.flatMap((stream, index) => {
      const error = !stream ? 'STREAM_NOT_FOUND' : commitError(stream, table)
      return error === undefined ? [] : [{ code: error, message: names[index] ?? '' }]
    })
    for (const stream of streams) if (stream) stream.usedAt = this.#world.now
    if (errors.length > 0) return { kind: 'refused', errors }
    for (const stream of streams) {
      if (!stream) continue
      stream.committed = true
      this.#tables.publish(table, stream.rows)
    }
    return { kind: 'committed' }
  }

  #find(name: string): Stream | undefined {
    const stream = this.#streams.get(name)
    if (!stream || stream.usedAt + this.#forgetsAfter > this.#world.now) return stream
    this.#streams.delete(name)
    return undefined
  }

  /** The service says some things by a reply, or by ending the connection. */
  #eitherWay(grpcCode: number, storageError: string): AppendReply {
    const kind = this.#world.random() < 0.5 ? ('refused' as const) : ('lost' as const)
    return { kind, code: grpcCode, storageError, message: storageError }
  }
}

const defaultSuffix = '/_default'

/** The name of a table's default stream. */
export function defaultStreamOf({ dataset, name }: TableId): string {
  return `${dataset}.${name}${defaultSuffix}`
}

export function isDefault(stream: string): boolean {
  return stream.endsWith(defaultSuffix)
}

/** The table a stream is on, by the stream's name. */
export function tableOf(stream: string): string {
  return stream.slice(0, stream.lastIndexOf('/'))
}

function commitError(stream: Stream, table: string): string | undefined {
  if (stream.kind !== 'PENDING') return 'INVALID_STREAM_TYPE'
  if (stream.committed) return 'STREAM_ALREADY_COMMITTED'
  return stream.finalized && stream.table === table ? undefined : 'INVALID_STREAM_STATE'
}

function refusal(grpcCode: number, storageError: string | undefined): AppendReply {
  return { kind: 'refused', code: grpcCode, storageError, message: storageError ?? 'the rows are refused' }
}
