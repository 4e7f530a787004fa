import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rowDescriptor } from '../../functions/append/descriptor.ts'
import { encodeRow } from '../../functions/append/encode-row.ts'
import { ProtoWriter } from '../../functions/append/proto-writer.ts'
import { grpc, type WriteApi, WriteApiError } from '../../functions/append/write-api.ts'
import type { Table } from '../../functions/model/table.ts'
import { logTableLayout } from '../../functions/split/log-table.ts'

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

    test('rows at offsets are seen once they are committed, each once, and not before', async () => {
      const { api, wait, visible } = started
      const before = await visible()
      const stream = await wait(api.createStream(contractTable))
      const first = api.open(stream, descriptor)
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
      expect(await wait(api.finalize(stream))).toBe(3)
      expect(await wait(api.finalize(stream))).toBe(3)
      const late = api.open(stream, descriptor)
      expect(await wait(late.append([row('late')], 3))).toMatchObject({ kind: 'refused' })
      late.close()
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
        const connection = api.open(stream, descriptor)
        await wait(connection.append([row(message)], 0))
        connection.close()
        streams.push(stream)
      }
      await wait(api.finalize(streams[0] ?? ''))
      expect(await wait(api.commit(contractTable, streams))).toMatchObject({ kind: 'refused' })
      expect(await visible()).toEqual(before)
      await wait(api.finalize(streams[1] ?? ''))
      expect(await wait(api.commit(contractTable, streams))).toEqual({ kind: 'committed' })
      expect((await visible()).toSorted()).toEqual([...before, 'one', 'two'].toSorted())
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
