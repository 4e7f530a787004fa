import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BigQuery } from '@google-cloud/bigquery'
import { afterEach, expect, test, vi } from 'vitest'
import { DefaultStream } from '../../functions/append/default-stream.ts'
import { StandingStream } from '../../functions/append/standing-stream.ts'
import { BigQueryCatalog } from '../../functions/clients/bigquery-catalog.ts'
import { GrpcWriteApi } from '../../functions/clients/write-client.ts'
import { systemClock as clock } from '../../functions/model/clock.ts'
import { rowDescriptor } from '../../functions/split/encode/descriptor.ts'
import { encodeRow } from '../../functions/split/encode/encode-row.ts'
import { ProtoWriter } from '../../functions/split/encode/proto-writer.ts'
import { type BigQueryOptions, startBigQuery } from '../../scripts/local/bigquery/start.ts'
import { contractTable } from './write-api-contract.ts'

const { columns } = contractTable.layout
const descriptor = rowDescriptor(columns)
const row = (message: string) => encodeRow(new ProtoWriter(), columns, { app: 'streams', message })
const retry = { firstDelayMs: 20, longestDelayMs: 200, deadlineMs: 20_000 }
const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  vi.unstubAllEnvs()
})

async function startOn(options: Partial<BigQueryOptions>) {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-streams-'))
  stops.push(() => rm(directory, { recursive: true, force: true }))
  const bigquery = await startBigQuery({ directory, projectId: 'example-project', ...options })
  stops.push(() => bigquery.stop())
  for (const [name, value] of Object.entries(bigquery.environment)) vi.stubEnv(name, value)
  const endpoint = bigquery.environment['CAUSEWAY_BIGQUERY_WRITE_ENDPOINT']
  const api = await GrpcWriteApi.connect('example-project', endpoint)
  stops.push(() => api.close())
  const catalog = new BigQueryCatalog(new BigQuery({ projectId: 'example-project' }), 'US')
  const client = new BigQuery({ projectId: 'example-project' })
  const messages = async (): Promise<string[]> => {
    const [rows] = await client.query('SELECT message FROM logs.ecs_contract ORDER BY message')
    return rows.map((one: { message: string }) => one.message)
  }
  const standing = async () => {
    const name = await api.createStream(contractTable)
    const widen = () => catalog.widen(contractTable)
    return new StandingStream({ api, name, table: contractTable, clock, retry, widen })
  }
  /** Ends a group as its seal would. */
  const flush = async (stream: StandingStream) => {
    await stream.settle()
    await api.flush(stream.name, stream.lastOffset)
    stream.endGroup()
  }
  return { bigquery, api, catalog, client, messages, standing, flush }
}

test('replies that are lost, and requests that are: every row is there once', async () => {
  const rules = (['drop-reply', 'fail'] as const).map((kind) => ({
    service: 'bigquery' as const,
    kind,
    probability: 0.25,
    calls: ['AppendRows'],
  }))
  const { catalog, messages, standing, flush, bigquery } = await startOn({ faults: { seed: 3, rules } })
  await catalog.create(contractTable)
  const stream = await standing()
  const sent = Array.from({ length: 60 }, (_, n) => `message ${String(n).padStart(2, '0')}`)
  for (const message of sent) await stream.append([row(message)])
  expect(stream.clean).toBe(false)
  await flush(stream)
  expect(await messages()).toEqual(sent)
  expect(bigquery.calls()['AppendRows.connect']).toBeGreaterThan(3)
})

test('group after group goes on where the one before ended, on one stream and one connection', async () => {
  const { catalog, messages, standing, flush, bigquery } = await startOn({})
  await catalog.create(contractTable)
  const stream = await standing()
  for (const group of ['a', 'b', 'c']) {
    expect([stream.clean, stream.rowCount]).toEqual([true, 0])
    await stream.append([row(`${group} 1`), row(`${group} 2`)])
    await stream.append([row(`${group} 3`)])
    expect(stream.rowCount).toBe(3)
    await flush(stream)
  }
  expect(await messages()).toEqual(['a', 'b', 'c'].flatMap((group) => [1, 2, 3].map((n) => `${group} ${n}`)))
  const { CreateWriteStream, AppendRows, FlushRows, ...calls } = bigquery.calls()
  expect([CreateWriteStream, AppendRows, FlushRows, calls['AppendRows.connect']]).toEqual([1, 6, 3, 1])
})

test('a connection that was idle too long is opened again', async () => {
  const { api, catalog, messages, bigquery, standing, flush } = await startOn({ write: { idleMillis: 100 } })
  await catalog.create(contractTable)
  const stream = await standing()
  const always = new DefaultStream(api, contractTable, descriptor, { clock, retry })
  const connections = () => bigquery.calls()['AppendRows.connect'] ?? 0
  for (const round of ['1', '2']) {
    await always.append([row(`default ${round}`)])
    await stream.append([row(`standing ${round}`)])
    // The server ends a connection on which nothing comes for 100 ms.
    await new Promise((resolve) => setTimeout(resolve, 400))
  }
  await flush(stream)
  always.close()
  expect(await messages()).toEqual(['default 1', 'default 2', 'standing 1', 'standing 2'])
  expect(connections()).toBe(4)
})

test('a table that lacks columns gets them, and the rows arrive without a restart', async () => {
  const { client, messages, standing, flush } = await startOn({ write: { schemaDelayMillis: 500 } })
  await client.createDataset('logs')
  await client.dataset('logs').createTable('ecs_contract', { schema: [{ name: 'app', type: 'STRING' }] })
  const stream = await standing()
  await stream.append([row('with the new columns')])
  await flush(stream)
  expect(await messages()).toEqual(['with the new columns'])
})

test('a row the table cannot take is the fault of its object, and nothing is left of it', async () => {
  const { catalog, messages, standing, flush } = await startOn({})
  await catalog.create(contractTable)
  const stream = await standing()
  const notJson = encodeRow(new ProtoWriter(), columns, { app: 'streams', rest: 'no JSON' })
  await stream.append([notJson])
  await expect(stream.settle()).rejects.toMatchObject({ kind: 'object', code: 'append_refused' })
  expect(stream.clean).toBe(true)
  stream.rewind()
  await stream.append([row('the next group')])
  await flush(stream)
  expect(await messages()).toEqual(['the next group'])
})

test('behind a row that was refused nothing can be told: such a stream is not clean', async () => {
  const { catalog, standing } = await startOn({})
  await catalog.create(contractTable)
  const stream = await standing()
  const notJson = encodeRow(new ProtoWriter(), columns, { app: 'streams', rest: 'no JSON' })
  await stream.append([notJson])
  await stream.append([row('sent before the answer')])
  await expect(stream.settle()).rejects.toMatchObject({ code: 'append_refused' })
  expect(stream.clean).toBe(false)
})

test('records of any number and size go to the default stream, in requests it takes', async () => {
  const { api, catalog, messages, bigquery } = await startOn({})
  await catalog.create(contractTable)
  const always = new DefaultStream(api, contractTable, descriptor, { clock, retry })
  const sent = Array.from({ length: 30 }, (_, n) => `${String(n).padStart(2, '0')} ${'x'.repeat(1_000_000)}`)
  expect(await always.append(sent.map(row))).toBe('done')
  always.close()
  expect((await messages()).map((text) => text.slice(0, 2))).toEqual(sent.map((text) => text.slice(0, 2)))
  expect(bigquery.calls()['AppendRows']).toBe(4)
})
