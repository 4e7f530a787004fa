import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BigQuery } from '@google-cloud/bigquery'
import { afterEach, expect, test, vi } from 'vitest'
import { DefaultStream } from '../../functions/append/default-stream.ts'
import { rowDescriptor } from '../../functions/append/descriptor.ts'
import { encodeRow } from '../../functions/append/encode-row.ts'
import { PendingStream } from '../../functions/append/pending-stream.ts'
import { ProtoWriter } from '../../functions/append/proto-writer.ts'
import { BigQueryCatalog } from '../../functions/clients/bigquery-catalog.ts'
import { GrpcWriteApi } from '../../functions/clients/write-client.ts'
import { systemClock as clock } from '../../functions/model/clock.ts'
import { type BigQueryOptions, startBigQuery } from '../../scripts/local/bigquery/start.ts'
import { contractTable } from './write-api-contract.ts'

const { columns } = contractTable.layout
const descriptor = rowDescriptor(columns)
const row = (message: string) => encodeRow(new ProtoWriter(), columns, { app: 'streams', message })
const retry = { firstDelay: 20, longestDelay: 200, deadline: 20_000 }
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
  const pending = async () => {
    const name = await api.createStream(contractTable)
    const widen = () => catalog.widen(contractTable)
    return new PendingStream({ api, name, descriptor, clock, retry, widen })
  }
  return { bigquery, api, catalog, client, messages, pending }
}

test('replies that are lost, and requests that are: every row is there once', async () => {
  const rules = (['drop-reply', 'fail'] as const).map((kind) => ({
    ...{ service: 'bigquery' as const, kind, probability: 0.25 },
    calls: ['AppendRows', 'FinalizeWriteStream'],
  }))
  const { api, catalog, messages, pending, bigquery } = await startOn({ faults: { seed: 3, rules } })
  await catalog.create(contractTable)
  const stream = await pending()
  const sent = Array.from({ length: 60 }, (_, n) => `message ${String(n).padStart(2, '0')}`)
  for (const message of sent) await stream.append([row(message)])
  await stream.finish()
  expect(await api.commit(contractTable, [stream.name])).toEqual({ kind: 'committed' })
  expect(await messages()).toEqual(sent)
  expect(bigquery.calls()['AppendRows.connect']).toBeGreaterThan(3)
})

test('a connection that was idle too long is opened again', async () => {
  const { api, catalog, messages, bigquery, pending } = await startOn({ write: { idleMillis: 100 } })
  await catalog.create(contractTable)
  const stream = await pending()
  const always = new DefaultStream(api, contractTable, descriptor, clock, retry)
  const connections = () => bigquery.calls()['AppendRows.connect'] ?? 0
  for (const round of ['1', '2']) {
    await always.append([row(`default ${round}`)])
    await stream.append([row(`pending ${round}`)])
    // The server ends a connection on which nothing comes for 100 ms.
    await new Promise((resolve) => setTimeout(resolve, 400))
  }
  await stream.finish()
  await api.commit(contractTable, [stream.name])
  always.close()
  expect(await messages()).toEqual(['default 1', 'default 2', 'pending 1', 'pending 2'])
  expect(connections()).toBe(4)
})

test('a table that lacks columns gets them, and the rows arrive without a restart', async () => {
  const { api, client, messages, pending } = await startOn({ write: { schemaDelayMillis: 500 } })
  await client.createDataset('logs')
  await client.dataset('logs').createTable('ecs_contract', { schema: [{ name: 'app', type: 'STRING' }] })
  const stream = await pending()
  await stream.append([row('with the new columns')])
  await stream.finish()
  await api.commit(contractTable, [stream.name])
  expect(await messages()).toEqual(['with the new columns'])
})

test('a row the table cannot take is the fault of its object', async () => {
  const { catalog, pending } = await startOn({})
  await catalog.create(contractTable)
  const stream = await pending()
  const notJson = encodeRow(new ProtoWriter(), columns, { app: 'streams', rest: 'no JSON' })
  await stream.append([notJson])
  await expect(stream.finish()).rejects.toMatchObject({ kind: 'object', code: 'append_refused' })
  stream.abandon()
})
