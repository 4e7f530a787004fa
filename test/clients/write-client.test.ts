import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BigQuery } from '@google-cloud/bigquery'
import { protos } from '@google-cloud/bigquery-storage'
import { status } from '@grpc/grpc-js'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type AppendConnection, grpc, WriteApiError } from '../../functions/append/write-api.ts'
import { BigQueryCatalog } from '../../functions/clients/bigquery-catalog.ts'
import { GrpcWriteApi } from '../../functions/clients/write-client.ts'
import { rowDescriptor } from '../../functions/split/encode/descriptor.ts'
import { encodeRow } from '../../functions/split/encode/encode-row.ts'
import { ProtoWriter } from '../../functions/split/encode/proto-writer.ts'
import { startBigQuery } from '../../scripts/local/bigquery/start.ts'
import { methods } from '../../scripts/local/bigquery/write/service.ts'
import { contractTable } from '../append/write-api-contract.ts'
import { ScriptedWrite } from './scripted-write.ts'

const { StorageErrorCode } = protos.google.cloud.bigquery.storage.v1.StorageError
const project = 'example-project'
const table = { dataset: 'logs', name: 'ecs_web' }
const path = `projects/${project}/datasets/logs/tables/ecs_web`
const { columns } = contractTable.layout
const descriptor = rowDescriptor(columns)
const row = (message: string) => encodeRow(new ProtoWriter(), columns, { app: 'web', message })

async function started(timeoutMs?: number) {
  const server = await ScriptedWrite.start()
  onTestFinished(() => server.stop())
  const api = await GrpcWriteApi.connect(project, server.endpoint, timeoutMs)
  onTestFinished(() => api.close())
  /** Opens an append, and gives both of its sides. */
  const open = async (stream: string) => {
    const connection = api.open(stream, descriptor)
    onTestFinished(() => connection.close())
    return { connection, call: await server.append() }
  }
  return { server, api, open }
}

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'no error',
    (error: unknown) => error,
  )
}

test('streams are made BUFFERED, on the table of the project', async () => {
  const { server, api } = await started()
  server.on(methods.CreateWriteStream, (request) => {
    expect(request.toJSON()).toEqual({ parent: path, writeStream: { type: 'BUFFERED' } })
    return { name: `${path}/streams/new` }
  })
  expect(await api.createStream(table)).toBe(`${path}/streams/new`)
  expect(api.defaultStream(table)).toBe(`${path}/streams/_default`)
})

test('a flush names its stream and the offset, the first row too', async () => {
  const { server, api } = await started()
  const asked: unknown[] = []
  server.on(methods.FlushRows, (request) => {
    asked.push(request.toJSON())
    return { offset: 0 }
  })
  await api.flush(`${path}/streams/one`, 0)
  await api.flush(`${path}/streams/one`, 41)
  expect(asked).toEqual([
    { writeStream: `${path}/streams/one`, offset: { value: '0' } },
    { writeStream: `${path}/streams/one`, offset: { value: '41' } },
  ])
})

test('a commit is one by its time alone', async () => {
  const { server, api } = await started()
  let answer = {}
  server.on(methods.BatchCommitWriteStreams, () => answer)
  expect(await api.commit(table, ['one'])).toEqual({ kind: 'refused', errors: [] })
  answer = { commitTime: { seconds: 1_795_000_000 } }
  expect(await api.commit(table, ['one'])).toEqual({ kind: 'committed' })
})

test('a commit that is refused says why by the names of the reasons', async () => {
  const { server, api } = await started()
  server.on(methods.BatchCommitWriteStreams, (request) => {
    expect(request.toJSON()).toEqual({ parent: path, writeStreams: ['one', 'two'] })
    const { STREAM_ALREADY_COMMITTED: code } = StorageErrorCode
    return { streamErrors: [{ code, errorMessage: 'one' }, { code: 4_711 }] }
  })
  expect(await api.commit(table, ['one', 'two'])).toEqual({
    kind: 'refused',
    errors: [
      { code: 'STREAM_ALREADY_COMMITTED', message: 'one' },
      { code: 'UNKNOWN', message: '' },
    ],
  })
})

test('errors of calls are WriteApiErrors with their code and the reason in the trailer, after one request', async () => {
  const { server, api } = await started()
  const error = { code: status.NOT_FOUND, message: 'no such stream', reason: 'STREAM_NOT_FOUND' } as const
  let calls = 0
  const refuse = () => {
    calls += 1
    return error
  }
  server.on(methods.FlushRows, refuse)
  server.on(methods.CreateWriteStream, refuse)
  server.on(methods.BatchCommitWriteStreams, refuse)
  for (const call of [api.flush('one', 1), api.createStream(table), api.commit(table, ['one'])]) {
    const caught = await errorOf(call)
    expect(caught).toBeInstanceOf(WriteApiError)
    const { code, reason: storageError } = error
    expect(caught).toMatchObject({ code, storageError, message: expect.stringContaining('no such stream') })
  }
  expect(calls).toBe(3)
})

test.each(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED', 'INTERNAL'] as const)(
  'the client asks once for what is answered %s: the loader decides on the next try',
  async (name) => {
    const { server, api } = await started()
    let calls = 0
    server.on(methods.FlushRows, () => {
      calls += 1
      return { code: status[name] }
    })
    expect(await errorOf(api.flush('one', 1))).toMatchObject({ code: status[name], storageError: undefined })
    expect(calls).toBe(1)
  },
)

test('a call without an answer is DEADLINE_EXCEEDED', async () => {
  const { server, api } = await started(100)
  server.on(methods.FlushRows, () => undefined)
  const error = await errorOf(api.flush('one', 1))
  expect(error).toBeInstanceOf(WriteApiError)
  expect(error).toMatchObject({ code: grpc.deadlineExceeded })
})

test('a server that is not there is UNAVAILABLE to calls and appends', async () => {
  const { server, api } = await started()
  await server.stop()
  expect(await errorOf(api.flush('one', 1))).toMatchObject({ code: grpc.unavailable })
  const connection = api.open('one', descriptor)
  expect(await connection.append([row('x')], 0)).toMatchObject({ kind: 'lost', code: grpc.unavailable })
})

test('an append that is over leaves its place on its HTTP/2 connection to another, however it ended', async () => {
  const { open } = await started()
  const opened = []
  for (let n = 0; n < 90; n++) opened.push(await open(`stream ${n}`))
  const places = new Set(opened.map(({ call }) => call.connection))
  expect(places.size).toBe(1)
  const further = await open('stream 90')
  expect(places).not.toContain(further.call.connection)

  const [closed, ended, failed] = opened
  closed?.connection.close()
  closed?.connection.close()
  ended?.call.end()
  failed?.call.fail({ code: status.ABORTED })
  for (const one of [ended, failed])
    expect(await one?.connection.append([], 0)).toMatchObject({ kind: 'lost' })
  for (const name of ['once', 'more', 'again']) expect(places).toContain((await open(name)).call.connection)
  expect((await open('one too many')).call.connection).toBe(further.call.connection)
})

test('closing ends what is open, and whatever comes after is refused', async () => {
  const { api, open } = await started()
  const { connection, call } = await open('one')
  const waiting = connection.append([row('x')], 0)
  await api.close()
  expect(await waiting).toMatchObject({ kind: 'lost' })
  await call.cancelled
  expect(await errorOf(api.flush('one', 1))).toBeInstanceOf(WriteApiError)
  expect(await api.open('two', descriptor).append([row('x')], 0)).toMatchObject({ kind: 'lost' })
})

test('more appends than one HTTP/2 connection takes are answered, and other calls beside them', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-channels-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const bigquery = await startBigQuery({ directory, projectId: project })
  onTestFinished(() => bigquery.stop())
  for (const [name, value] of Object.entries(bigquery.environment)) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
  await new BigQueryCatalog(new BigQuery({ projectId: project }), 'US').create(contractTable)
  const api = await GrpcWriteApi.connect(project, bigquery.environment['CAUSEWAY_BIGQUERY_WRITE_ENDPOINT'])
  onTestFinished(() => api.close())
  const connections: AppendConnection[] = []
  const appendTo = (stream: string) => {
    const connection = api.open(stream, descriptor)
    connections.push(connection)
    return connection.append([row('x')], undefined)
  }
  const replies = await Promise.all(
    Array.from({ length: 205 }, () => appendTo(api.defaultStream(contractTable))),
  )
  expect(new Set(replies.map(({ kind }) => kind))).toEqual(new Set(['appended']))
  const stream = await api.createStream(contractTable)
  expect(await appendTo(stream)).toMatchObject({ kind: 'appended' })
  await api.flush(stream, 0)
  for (const connection of connections) connection.close()
})
