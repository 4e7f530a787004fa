import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AppendReply, grpc, type WriteApi, WriteApiError } from '../../functions/append/write-api.ts'
import type { Table } from '../../functions/model/table.ts'
import { rowDescriptor } from '../../functions/split/encode/descriptor.ts'
import { encodeRow } from '../../functions/split/encode/encode-row.ts'
import { ProtoWriter } from '../../functions/split/encode/proto-writer.ts'
import { logTableLayout } from '../../functions/split/tables/log-table.ts'

/** A Storage Write API under test, with one table made. `wait` makes time pass until a call is answered. */
export interface StartedWriteApi {
  readonly api: WriteApi
  wait<T>(call: Promise<T>): Promise<T>
  /** Messages a query sees in the table, in any order. */
  visible(): Promise<string[]>
  stop(): Promise<void>
}

export const contractTable: Table = {
  dataset: 'logs',
  name: 'ecs_contract',
  layout: logTableLayout({ name: 'ecs', format: 'json-lines' }),
}
const { columns } = contractTable.layout
const descriptor = rowDescriptor(columns)
const row = (message: string) => encodeRow(new ProtoWriter(), columns, { app: 'contract', message })

/** What the loader relies on, whoever serves it. */
export function writeApiContract(name: string, start: () => Promise<StartedWriteApi>): void {
  describe(`Storage Write API: ${name}`, () => {
    let started: StartedWriteApi
    beforeAll(async () => {
      started = await start()
    })
    afterAll(() => started.stop())

    test('a table that is not there is NOT_FOUND', async () => {
      const made = started.api.createStream({ dataset: 'logs', name: 'absent' })
      const error = await started.wait(made.catch((caught: unknown) => caught))
      expect(error).toBeInstanceOf(WriteApiError)
      expect(error).toMatchObject({ code: grpc.notFound })
    })

    test('rows go to offsets once, and not beyond the end', async () => {
      const { api, wait, visible } = started
      const before = await visible()
      const first = api.open(await wait(api.createStream(contractTable)), descriptor)
      const sent = Promise.all([
        first.append([row('a'), row('b')], 0),
        first.append([row('c')], 2),
        // The reply to the first was lost: it is sent again.
        first.append([row('a'), row('b')], 0),
        first.append([row('later')], 9),
      ])
      const replies = await wait(sent)
      first.close()
      expect(replies).toMatchObject([
        { kind: 'appended' },
        { kind: 'appended' },
        { kind: 'refused', code: grpc.alreadyExists, storageError: 'OFFSET_ALREADY_EXISTS' },
        { kind: 'refused', code: grpc.outOfRange, storageError: 'OFFSET_OUT_OF_RANGE' },
      ])
      expect(await visible()).toEqual(before)
    })

    test('a connection that was closed answers lost', async () => {
      const { api, wait } = started
      const connection = api.open(await wait(api.createStream(contractTable)), descriptor)
      connection.close()
      expect(await wait(connection.append([row('x')], 0))).toMatchObject({ kind: 'lost' })
    })

    test('rows of the default stream are seen at once', async () => {
      const { api, wait, visible } = started
      const connection = api.open(api.defaultStream(contractTable), descriptor)
      expect(await wait(connection.append([row('default')], undefined))).toEqual({ kind: 'appended' })
      connection.close()
      expect(await visible()).toContain('default')
    })
  })
}

/** A Storage Write API whose streams are PENDING, as revisions before standing streams made them. */
export interface StartedPendingApi extends StartedWriteApi {
  readonly api: WriteApi & { finalize(stream: string): Promise<number> }
}

/** What a revision at work beside this one relies on. */
export function pendingContract(name: string, start: () => Promise<StartedPendingApi>): void {
  describe(`Storage Write API, PENDING streams: ${name}`, () => {
    let started: StartedPendingApi
    beforeAll(async () => {
      started = await start()
    })
    afterAll(() => started.stop())
    const appended = (stream: string, messages: readonly string[], offset = 0) =>
      appendOnce(started.api, stream, messages, offset)

    test('rows are seen once they are committed, and not before', async () => {
      const { api, wait, visible } = started
      const before = await visible()
      const stream = await wait(api.createStream(contractTable))
      await wait(appended(stream, ['a', 'b', 'c']))
      expect(await wait(api.finalize(stream))).toBe(3)
      expect(await wait(api.finalize(stream))).toBe(3)
      expect(await wait(appended(stream, ['late'], 3))).toMatchObject({ kind: 'refused' })
      expect(await visible()).toEqual(before)
      expect(await wait(api.commit(contractTable, [stream]))).toEqual({ kind: 'committed' })
      expect((await visible()).toSorted()).toEqual([...before, 'a', 'b', 'c'].toSorted())
      expect(await wait(api.commit(contractTable, [stream]))).toMatchObject({
        kind: 'refused',
        errors: [{ code: 'STREAM_ALREADY_COMMITTED' }],
      })
    })

    test('of several streams all are committed or none', async () => {
      const { api, wait, visible } = started
      const before = await visible()
      const streams: string[] = []
      for (const message of ['one', 'two']) {
        const stream = await wait(api.createStream(contractTable))
        await wait(appended(stream, [message]))
        streams.push(stream)
      }
      await wait(api.finalize(streams[0] ?? ''))
      expect(await wait(api.commit(contractTable, streams))).toMatchObject({ kind: 'refused' })
      expect(await visible()).toEqual(before)
      await wait(api.finalize(streams[1] ?? ''))
      expect(await wait(api.commit(contractTable, streams))).toEqual({ kind: 'committed' })
      expect((await visible()).toSorted()).toEqual([...before, 'one', 'two'].toSorted())
    })
  })
}

/** Appends rows of these messages over a connection of their own. */
async function appendOnce(
  api: WriteApi,
  stream: string,
  messages: readonly string[],
  offset: number | undefined,
): Promise<AppendReply> {
  const connection = api.open(stream, descriptor)
  const reply = await connection.append(messages.map(row), offset)
  connection.close()
  return reply
}

/** A Storage Write API whose streams are BUFFERED. */
export interface StartedFlushingApi extends StartedWriteApi {
  readonly api: WriteApi & { flush(stream: string, offset: number): Promise<void> }
  /** Ends a stream, as no loader does. */
  finalize(stream: string): Promise<unknown>
}

/** What the loader relies on of streams that are kept and flushed, whoever serves them. */
export function flushContract(name: string, start: () => Promise<StartedFlushingApi>): void {
  describe(`Storage Write API, BUFFERED streams: ${name}`, () => {
    let started: StartedFlushingApi
    beforeAll(async () => {
      started = await start()
    })
    afterAll(() => started.stop())

    /** A stream with rows of these messages. */
    async function streamOf(...messages: string[]): Promise<string> {
      const { api, wait } = started
      const stream = await wait(api.createStream(contractTable))
      await wait(appended(stream, messages, 0))
      return stream
    }

    const appended = (stream: string, messages: readonly string[], offset: number | undefined) =>
      appendOnce(started.api, stream, messages, offset)

    async function flushed(stream: string, offset: number): Promise<unknown> {
      const { api, wait } = started
      return wait(
        api.flush(stream, offset).then(
          () => 'flushed',
          (error: unknown) => (error instanceof WriteApiError ? error.code : error),
        ),
      )
    }

    test('rows are seen once they are flushed, up to the offset and no further', async () => {
      const { wait, visible } = started
      const before = await visible()
      const stream = await streamOf('a', 'b', 'c')
      expect(await visible()).toEqual(before)
      expect(await flushed(stream, 1)).toBe('flushed')
      expect((await visible()).toSorted()).toEqual([...before, 'a', 'b'].toSorted())
      expect(await wait(appended(stream, ['d'], 3))).toMatchObject({ kind: 'appended' })
      expect(await flushed(stream, 3)).toBe('flushed')
      expect((await visible()).toSorted()).toEqual([...before, 'a', 'b', 'c', 'd'].toSorted())
    })

    test('a flush is repeated by whoever likes, and shows nothing twice', async () => {
      const stream = await streamOf('once', 'twice')
      expect(await flushed(stream, 1)).toBe('flushed')
      const seen = await started.visible()
      expect(await flushed(stream, 1)).toBe(grpc.alreadyExists)
      expect(await flushed(stream, 0)).toBe(grpc.alreadyExists)
      expect(await started.visible()).toEqual(seen)
    })

    test('what is not there cannot be flushed', async () => {
      const stream = await streamOf('one')
      expect(await flushed(stream, 1)).toBe(grpc.outOfRange)
      expect(await flushed(`${stream}0`, 0)).toBe(grpc.notFound)
    })

    test('a stream that was finalized is not flushed any more', async () => {
      const { finalize, wait, visible } = started
      const stream = await streamOf('left')
      await wait(finalize(stream))
      expect(await flushed(stream, 0)).toBe(grpc.invalidArgument)
      expect(await visible()).not.toContain('left')
    })

    test('an append without an offset goes to the end', async () => {
      const { wait, visible } = started
      const stream = await streamOf('first')
      expect(await wait(appended(stream, ['at the end'], undefined))).toMatchObject({ kind: 'appended' })
      expect(await flushed(stream, 1)).toBe('flushed')
      expect(await visible()).toContain('at the end')
    })
  })
}
