import { status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { grpc } from '../../functions/append/write-api.ts'
import { GrpcWriteApi } from '../../functions/clients/write-client.ts'
import type { RowDescriptor } from '../../functions/split/encode/descriptor.ts'
import { detailsOf, type ScriptedAppend, ScriptedWrite } from './scripted-write.ts'

const stream = 'projects/example-project/datasets/logs/tables/ecs_web/streams/one'
const descriptor: RowDescriptor = {
  name: 'Row',
  field: [{ name: 'app', number: 1, type: 'TYPE_STRING', label: 'LABEL_OPTIONAL' }],
}
const row = Buffer.from('a row')
const appendedAt = (offset: number) => ({ appendResult: { offset: { value: offset } } })

/** A connection whose first append is under way, and the server's side of it. */
async function connected(timeoutMs?: number) {
  const server = await ScriptedWrite.start()
  onTestFinished(() => server.stop())
  const api = await GrpcWriteApi.connect('example-project', server.endpoint, timeoutMs)
  onTestFinished(() => api.close())
  const connection = api.open(stream, descriptor)
  onTestFinished(() => connection.close())
  const append = (offset: number | undefined) => connection.append([row], offset)
  const first = append(0)
  const call = await server.append()
  await call.request()
  return { server, api, connection, call, first, append }
}

test('the stream and the schema go with the first request, rows and offset with each', async () => {
  const server = await ScriptedWrite.start()
  onTestFinished(() => server.stop())
  const api = await GrpcWriteApi.connect('example-project', server.endpoint)
  onTestFinished(() => api.close())
  const connection = api.open(stream, descriptor)
  const sent = Promise.all([connection.append([row], 0), connection.append([row, row], undefined)])
  const call = await server.append()
  const rows = row.toString('base64')
  expect((await call.request()).toJSON()).toEqual({
    writeStream: stream,
    offset: { value: '0' },
    protoRows: { writerSchema: { protoDescriptor: descriptor }, rows: { serializedRows: [rows] } },
  })
  expect((await call.request()).toJSON()).toEqual({ protoRows: { rows: { serializedRows: [rows, rows] } } })
  connection.close()
  await sent
})

test('the server is told which stream it is before it reads a request', async () => {
  const { call } = await connected()
  const named = 'write_stream=projects%2Fexample-project%2Fdatasets%2Flogs%2Ftables%2Fecs_web%2Fstreams%2Fone'
  expect(call.header('x-goog-request-params')).toBe(named)
})

test('a call that ends with a reason in its trailer is lost for that reason', async () => {
  const { call, first } = await connected()
  call.fail({
    code: status.INVALID_ARGUMENT,
    message: 'no such field',
    reason: 'SCHEMA_MISMATCH_EXTRA_FIELDS',
  })
  expect(await first).toMatchObject({
    kind: 'lost',
    code: grpc.invalidArgument,
    storageError: 'SCHEMA_MISMATCH_EXTRA_FIELDS',
    message: expect.stringContaining('no such field'),
  })
})

test('a call that ends without a trailer is lost for no reason', async () => {
  const { call, first } = await connected()
  call.fail({ code: status.INVALID_ARGUMENT })
  const reply = await first
  expect(reply).toMatchObject({ kind: 'lost', code: grpc.invalidArgument })
  expect(reply).toHaveProperty('storageError', undefined)
})

test('an error within a response refuses that request alone, with its reason', async () => {
  const { call, first, append } = await connected()
  const second = append(1)
  const error = { code: status.ALREADY_EXISTS, message: 'there already' }
  call.answer({ error: { ...error, details: detailsOf({ ...error, reason: 'OFFSET_ALREADY_EXISTS' }) } })
  call.answer({ error })
  expect([await first, await second]).toEqual([
    {
      kind: 'refused',
      code: grpc.alreadyExists,
      storageError: 'OFFSET_ALREADY_EXISTS',
      message: 'there already',
    },
    { kind: 'refused', code: grpc.alreadyExists, storageError: undefined, message: 'there already' },
  ])
})

test('what is wrong with the first rows is in the message', async () => {
  const { call, first } = await connected()
  const rowErrors = [0, 3, 4, 5].map((index) => ({ index, message: `bad value ${index}` }))
  call.answer({ error: { code: status.INVALID_ARGUMENT, message: 'see row_errors' }, rowErrors })
  const message = 'see row_errors; row 0: bad value 0; row 3: bad value 3; row 4: bad value 4'
  expect(await first).toMatchObject({ kind: 'refused', message })
})

test('a new schema told by itself answers no request: the response after it does', async () => {
  const { call, first } = await connected()
  call.answer({ updatedSchema: { fields: [{ name: 'added' }] } })
  call.answer(appendedAt(0))
  expect(await first).toEqual({ kind: 'appended', offset: 0 })
})

test('replies come in order, each with the offset the service says', async () => {
  const { call, first, append } = await connected()
  const rest = [append(1), append(2), append(undefined)]
  for (const offset of [0, 17, 9_007_199_254_740_991]) call.answer(appendedAt(offset))
  call.answer({ appendResult: {} })
  expect(await Promise.all([first, ...rest])).toEqual([
    { kind: 'appended', offset: 0 },
    { kind: 'appended', offset: 17 },
    { kind: 'appended', offset: 9_007_199_254_740_991 },
    { kind: 'appended' },
  ])
})

test('once a connection is lost, every append that waits learns of it, and the next at once', async () => {
  const { call, first, append } = await connected()
  const rest = Array.from({ length: 9 }, (_, n) => append(1 + n))
  call.fail({ code: status.ABORTED, message: 'superseded' })
  const lost = { kind: 'lost', code: grpc.aborted, message: expect.stringContaining('superseded') }
  for (const reply of await Promise.all([first, ...rest])) expect(reply).toMatchObject(lost)
  expect(await append(10)).toMatchObject(lost)
})

test('what was answered before the loss stands', async () => {
  const { call, first, append } = await connected()
  const second = append(1)
  call.answer(appendedAt(0))
  expect(await first).toMatchObject({ kind: 'appended' })
  call.fail({ code: status.UNAVAILABLE })
  expect(await second).toMatchObject({ kind: 'lost', code: grpc.unavailable })
})

test('a server that ends the call without an error is noticed', async () => {
  const { call, first, append } = await connected()
  call.end()
  expect(await first).toMatchObject({ kind: 'lost', code: grpc.unavailable })
  expect(await append(1)).toMatchObject({ kind: 'lost', code: grpc.unavailable })
})

test('a server that goes away is noticed', async () => {
  const { server, first, append } = await connected()
  const second = append(1)
  await server.stop()
  expect(await Promise.all([first, second])).toMatchObject([{ kind: 'lost' }, { kind: 'lost' }])
})

test('no answer in time is DEADLINE_EXCEEDED for all that wait, and the call is given up', async () => {
  const { call, first, append } = await connected(50)
  const lost = { kind: 'lost', code: grpc.deadlineExceeded }
  expect(await Promise.all([first, append(1), append(2)])).toMatchObject([lost, lost, lost])
  expect(await append(3)).toMatchObject(lost)
  await call.cancelled
})

test('the time for an answer begins anew with each, and a connection without requests may be idle', async () => {
  const { call, first, append } = await connected(300)
  call.answer(appendedAt(0))
  expect(await first).toMatchObject({ kind: 'appended' })
  // Nothing is due for longer than an answer may take: an append elsewhere measures it.
  const { first: elsewhere } = await connected(400)
  expect(await elsewhere).toMatchObject({ code: grpc.deadlineExceeded })
  const second = append(1)
  call.answer(appendedAt(1))
  expect(await second).toMatchObject({ kind: 'appended', offset: 1 })
})

test('closing loses what waits and ends the call, whatever is on its way, and may be repeated', async () => {
  const { connection, call, first, append } = await connected()
  const second = append(1)
  connection.close()
  const lost = { kind: 'lost', code: grpc.cancelled }
  expect(await Promise.all([first, second, append(2)])).toMatchObject([lost, lost, lost])
  await call.cancelled
  connection.close()
})

test('a call that is closed before it was opened does not stay open', async () => {
  const { server, api } = await connected()
  api.open(`${stream}-early`, descriptor).close()
  const late = api.open(`${stream}-late`, descriptor)
  onTestFinished(() => late.close())
  const isLate = (call: ScriptedAppend) => String(call.header('x-goog-request-params')).endsWith('-late')
  for (let call = await server.append(); !isLate(call); call = await server.append()) await call.cancelled
})

test('an error of a connection that nobody waits for, or that is closed, ends no process', async () => {
  const { server, connection, call, first, append } = await connected()
  call.answer(appendedAt(0))
  await first
  const uncaught: unknown[] = []
  const note = (error: unknown) => uncaught.push(error)
  process.on('uncaughtException', note).on('unhandledRejection', note)
  onTestFinished(() => void process.off('uncaughtException', note).off('unhandledRejection', note))
  call.fail({ code: status.INTERNAL })
  await expect.poll(() => append(1)).toMatchObject({ kind: 'lost', code: grpc.internal })
  connection.close()
  await server.stop()
  expect(uncaught).toEqual([])
})
