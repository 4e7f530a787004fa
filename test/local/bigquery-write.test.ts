import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adapt, managedwriter } from '@google-cloud/bigquery-storage'
import { credentials } from '@grpc/grpc-js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startBigQueryWrite } from '../../scripts/local/bigquery/write/server.ts'
import { type FaultPlanInput, Faults } from '../../scripts/local/faults.ts'
import { openTables, startBackend } from './bigquery-write-backend.ts'
import { AppendSession, callError, noAuth, RowType, responseError } from './bigquery-write-client.ts'
import { bigqueryWriteContract } from './bigquery-write-contract.ts'
import { columns, parent, rowType, spawnService, start } from './bigquery-write-started.ts'

describe('the stand-in for the Storage Write API keeps the contract', () => {
  bigqueryWriteContract(startBackend)
})

type Rule = Omit<FaultPlanInput['rules'][number], 'service' | 'probability' | 'atMost'>
const faultOnce = (rule: Rule) =>
  new Faults('bigquery', { seed: 1, rules: [{ service: 'bigquery', probability: 1, atMost: 1, ...rule }] })

test('what was acknowledged survives kill -9, at every step up to the commit', {
  timeout: 60_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bigquery-write-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const setUp = await openTables(directory)
  await setUp.createTable('t', { schema: { fields: columns } })
  await setUp.store.close()

  const first = await spawnService(directory)
  const create = async (type: 'PENDING' | 'COMMITTED') =>
    (await first.client.createWriteStream({ parent, writeStream: { type } }))[0].name ?? ''
  const [writeStream, live] = [await create('PENDING'), await create('COMMITTED')]
  const pending = new AppendSession(first.client)
  for (const id of [1, 2, 3]) await pending.append({ writeStream, ...rowType.rows({ id }) })
  await new AppendSession(first.client).append({ writeStream: live, ...rowType.rows({ id: 10 }) })
  // Not waited for: it may be there afterwards as a whole, or not at all.
  pending.append({ writeStream, ...rowType.rows({ id: 4 }, { id: 5 }) }).catch(() => undefined)
  await first.kill()

  const second = await spawnService(directory)
  const again = new AppendSession(second.client)
  const offset = { value: 3 }
  const retried = await again.append({ writeStream, ...rowType.rows({ id: 4 }, { id: 5 }), offset })
  expect(['undefined/', '6/OFFSET_ALREADY_EXISTS']).toContain(responseError(retried))
  const liveAgain = await new AppendSession(second.client).append({
    writeStream: live,
    ...rowType.rows({ id: 10 }),
    offset: { value: 0 },
  })
  expect(responseError(liveAgain)).toBe('6/OFFSET_ALREADY_EXISTS')
  const [finalized] = await second.client.finalizeWriteStream({ name: writeStream })
  expect(Number(finalized.rowCount)).toBe(5)
  await second.kill()

  const third = await spawnService(directory)
  const [committed] = await third.client.batchCommitWriteStreams({ parent, writeStreams: [writeStream] })
  expect(committed.commitTime).toBeTruthy()
  await third.kill()

  const fourth = await spawnService(directory)
  const [twice] = await fourth.client.batchCommitWriteStreams({ parent, writeStreams: [writeStream] })
  expect(twice.streamErrors?.map(({ code }) => code)).toEqual(['STREAM_ALREADY_COMMITTED'])
  await fourth.kill()

  const { store, query } = await openTables(directory)
  onTestFinished(() => store.close())
  expect((await query('SELECT id FROM d.t ORDER BY id')).flat()).toEqual(['1', '2', '3', '4', '5', '10'])
})

test('a process killed during a commit leaves all of it or nothing', { timeout: 60_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bigquery-write-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const setUp = await openTables(directory)
  await setUp.createTable('t', { schema: { fields: columns } })
  await setUp.store.close()
  const first = await spawnService(directory)
  const names: string[] = []
  for (const part of [0, 1]) {
    const [{ name }] = await first.client.createWriteStream({ parent, writeStream: { type: 'PENDING' } })
    const ids = Array.from({ length: 100_000 }, (_, index) => ({ id: part * 100_000 + index }))
    await new AppendSession(first.client).append({ writeStream: name ?? '', ...rowType.rows(...ids) })
    await first.client.finalizeWriteStream({ name: name ?? '' })
    names.push(name ?? '')
  }
  const commit = first.client.batchCommitWriteStreams({ parent, writeStreams: names })
  commit.catch(() => undefined)
  // The commit takes longer than this call, so the kill falls into it; where exactly does not matter.
  await first.client.getWriteStream({ name: names[0] ?? '' })
  await first.kill()

  const { store, query } = await openTables(directory)
  const [[count]] = (await query('SELECT count(*) FROM d.t')) as [[string]]
  await store.close()
  const second = await spawnService(directory)
  const [again] = await second.client.batchCommitWriteStreams({ parent, writeStreams: names })
  expect([count, Boolean(again.commitTime)]).toEqual(count === '0' ? ['0', true] : ['200000', false])
  await second.kill()
  const after = await openTables(directory)
  onTestFinished(() => after.store.close())
  expect(await after.query('SELECT count(*), count(DISTINCT id) FROM d.t')).toEqual([['200000', '200000']])
})

test('a failed call has no effect, and one whose reply is dropped has', async () => {
  const append = async (kind: 'fail' | 'drop-reply') => {
    const { client, pending } = await start({ faults: faultOnce({ kind, calls: ['AppendRows'] }) })
    const writeStream = await pending()
    const request = { writeStream, ...rowType.rows({ id: 1 }), offset: { value: 0 } }
    expect(await new AppendSession(client).append(request).catch(callError)).toBe('14/')
    return responseError(await new AppendSession(client).append(request))
  }
  expect(await append('fail')).toBe('undefined/')
  expect(await append('drop-reply')).toBe('6/OFFSET_ALREADY_EXISTS')
})

test('a failed flush shows nothing, and one whose reply is dropped is found out by the next', async () => {
  const flush = async (kind: 'fail' | 'drop-reply') => {
    const { client, create } = await start({ faults: faultOnce({ kind, calls: ['FlushRows'] }) })
    const writeStream = await create('BUFFERED')
    await new AppendSession(client).append({ writeStream, ...rowType.rows({ id: 1 }) })
    const request = { writeStream, offset: { value: 0 } }
    expect(await client.flushRows(request).catch(callError)).toBe('14/')
    return client.flushRows(request).then(() => 'flushed', callError)
  }
  expect(await flush('fail')).toBe('flushed')
  expect(await flush('drop-reply')).toBe('6/OFFSET_ALREADY_EXISTS')
})

test('the commit whose reply is dropped is found out by the next', async () => {
  const { client, pending } = await start({
    faults: faultOnce({ kind: 'drop-reply', calls: ['BatchCommitWriteStreams'] }),
  })
  const name = await pending()
  await client.finalizeWriteStream({ name })
  const commit = () => client.batchCommitWriteStreams({ parent, writeStreams: [name] })
  expect(await commit().catch(callError)).toBe('14/')
  const [{ streamErrors }] = await commit()
  expect(streamErrors?.map(({ code }) => code)).toEqual(['STREAM_ALREADY_COMMITTED'])
})

test('an idle connection is ended, and the stream goes on in the next', async () => {
  const { client, pending } = await start({ idleMillis: 100 })
  const writeStream = await pending()
  const session = new AppendSession(client)
  await session.append({ writeStream, ...rowType.rows({ id: 1 }) })
  const { code, details } = await session.failure
  expect(code).toBe(10)
  expect(details).toContain('Closing the stream because it has been inactive for 0.1 seconds')
  const next = await new AppendSession(client).append({ writeStream, ...rowType.rows({ id: 2 }) })
  expect(Number(next.appendResult?.offset?.value)).toBe(1)
})

test('a schema change reaches new connections after the delay', async () => {
  let now = Date.now()
  const { client, setColumns } = await start({ schemaDelayMillis: 60_000, now: () => now })
  const writeStream = `${parent}/streams/_default`
  const wider = new RowType({ id: 'int64', extra: 'string' })
  await new AppendSession(client).append({ writeStream, ...rowType.rows({ id: 1 }) })
  await setColumns('t', [...columns, { name: 'extra', type: 'STRING' }])
  const append = () =>
    new AppendSession(client)
      .append({ writeStream, ...wider.rows({ id: 2, extra: 'x' }) })
      .then(responseError, callError)
  expect(await append()).toBe('3/SCHEMA_MISMATCH_EXTRA_FIELDS')
  now += 60_000
  expect(await append()).toBe('undefined/')
})

test('a schema with a field more than the table is refused in the response, where that is asked for', async () => {
  const { client, create } = await start({ schemaMismatch: 'in the response' })
  const writeStream = await create('PENDING')
  const session = new AppendSession(client)
  const wider = new RowType({ id: 'int64', extra: 'string' })
  const refused = await session.append({ writeStream, ...wider.rows({ id: 1 }) })
  expect(responseError(refused)).toBe('3/SCHEMA_MISMATCH_EXTRA_FIELDS')
  const good = await session.append({ writeStream, ...rowType.rows({ id: 1 }) })
  expect(Number(good.appendResult?.offset?.value)).toBe(0)
})

test('calls are counted by name', async () => {
  const { client, pending, create, server } = await start()
  const session = new AppendSession(client)
  const writeStream = await pending()
  for (const id of [1, 2]) await session.append({ writeStream, ...rowType.rows({ id }, { id }) })
  await client.finalizeWriteStream({ name: writeStream })
  const buffered = await create('BUFFERED')
  await new AppendSession(client).append({ writeStream: buffered, ...rowType.rows({ id: 3 }) })
  await client.flushRows({ writeStream: buffered, offset: { value: 0 } })
  expect(server.calls()).toEqual({
    AppendRows: 3,
    'AppendRows.connect': 2,
    CreateWriteStream: 2,
    FinalizeWriteStream: 1,
    FlushRows: 1,
  })
  expect(server.rowsAppended()).toBe(5)
})

test('a port in use is said to be', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bigquery-write-'))
  const { store } = await openTables(directory)
  onTestFinished(async () => {
    await store.close()
    await rm(directory, { recursive: true })
  })
  const { address } = await start()
  const port = Number(address.split(':')[1])
  await expect(startBigQueryWrite({ store, directory, port })).rejects.toThrow(`port ${port} is in use`)
})

test('the managed writer works against it', async () => {
  const { address, client, query } = await start()
  const writer = new managedwriter.WriterClient({
    apiEndpoint: '127.0.0.1',
    port: Number(address.split(':')[1]),
    sslCreds: credentials.createInsecure(),
    auth: noAuth(),
    projectId: 'p',
  })
  const stream = await writer.createWriteStreamFullResponse({
    destinationTable: parent,
    streamType: managedwriter.PendingStream,
  })
  if (!stream.name || !stream.tableSchema) throw new Error('the stream has no name or no schema')
  const protoDescriptor = adapt.convertStorageSchemaToProto2Descriptor(stream.tableSchema, 'root')
  const connection = await writer.createStreamConnection({ streamId: stream.name })
  const json = new managedwriter.JSONWriter({ connection, protoDescriptor })
  const [one, two] = [json.appendRows([{ id: 1 }, { id: 2 }], 0), json.appendRows([{ id: 3 }], 2)]
  const offsets = [await one.getResult(), await two.getResult()].map(
    ({ appendResult }) => appendResult?.offset?.value,
  )
  expect(offsets.map(Number)).toEqual([0, 2])
  await connection.finalize()
  await writer.batchCommitWriteStream({ parent, writeStreams: [stream.name] })
  json.close()
  writer.close()
  await client.close()
  expect((await query('SELECT id FROM d.t ORDER BY id')).flat()).toEqual(['1', '2', '3'])
})
