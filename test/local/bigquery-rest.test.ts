import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { BigQuery } from '@google-cloud/bigquery'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startBigQueryRest } from '../../scripts/local/bigquery/rest/server.ts'
import { startBigQuery } from '../../scripts/local/bigquery/start.ts'
import { BigQueryStore } from '../../scripts/local/bigquery/store/store.ts'
import { type FaultPlanInput, Faults } from '../../scripts/local/faults.ts'
import type { LocalService } from '../../scripts/local/service.ts'
import { bigqueryRestContract } from './bigquery-rest-contract.ts'

const projectId = 'my-project'
let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bigquery-rest-'))
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true, force: true })
})

async function startRest(faults?: FaultPlanInput) {
  const store = await BigQueryStore.open(directory)
  const rest = await startBigQueryRest({
    store,
    directory,
    projectId,
    faults: new Faults('bigquery', faults),
  })
  const stop = async () => {
    await rest.stop()
    await store.close()
  }
  return { store, rest, stop }
}

function clientOf({ environment }: Pick<LocalService, 'environment'>, options: object = {}): BigQuery {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  return new BigQuery({ projectId, ...options })
}

describe('keeps the contract', () => {
  bigqueryRestContract(async () => {
    const { store, rest, stop } = await startRest()
    const insert = async (dataset: string, table: string, values: string) => {
      await store.transaction((connection) =>
        connection.run(`INSERT INTO "${dataset}"."${table}" VALUES ${values}`),
      )
    }
    return { environment: rest.environment, projectId, insert, stop }
  })
})

describe('faults', () => {
  const rule = (kind: 'fail' | 'drop-reply', call: string): FaultPlanInput => ({
    seed: 1,
    rules: [{ service: 'bigquery', kind, probability: 1, calls: [call], atMost: 1 }],
  })

  test('fail answers 503 backendError, has no effect, and the client tries again', async () => {
    const { rest, stop } = await startRest(rule('fail', 'datasets.insert'))
    const client = clientOf(rest, { autoRetry: false })
    await expect(client.createDataset('logs')).rejects.toMatchObject({
      code: 503,
      errors: [{ reason: 'backendError' }],
    })
    expect(await client.dataset('logs').exists()).toEqual([false])
    await client.createDataset('logs')
    expect(rest.calls()).toEqual({ 'datasets.get': 1, 'datasets.insert': 2 })
    await stop()
  })

  test('drop-reply loses the answer and keeps the effect', async () => {
    const { rest, stop } = await startRest(rule('drop-reply', 'datasets.insert'))
    const client = clientOf(rest, { autoRetry: false })
    await expect(client.createDataset('logs')).rejects.toThrow()
    expect(await client.dataset('logs').exists()).toEqual([true])
    await stop()
  })

  test('a query whose reply was lost runs once for its request id', async () => {
    const { rest, stop } = await startRest()
    await clientOf(rest).createDataset('logs')
    const body = JSON.stringify({
      query: 'CREATE VIEW logs.v AS SELECT 1 AS x',
      requestId: 'once',
      useLegacySql: false,
    })
    const send = () =>
      fetch(`${rest.environment['BIGQUERY_EMULATOR_HOST']}/bigquery/v2/projects/${projectId}/queries`, {
        method: 'POST',
        body: gzipSync(body),
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      })
    expect([(await send()).status, (await send()).status]).toEqual([200, 200])
    await stop()
  })
})

describe('the wire', () => {
  test.each([
    ['a body that is not JSON', '{', 400],
    ['a body over the bound', `"${'x'.repeat(10 * 1024 * 1024)}"`, 413],
    ['a body of another shape', '{"query": 1}', 400],
  ])('refuses %s', async (_, body, status) => {
    const { rest, stop } = await startRest()
    const url = `${rest.environment['BIGQUERY_EMULATOR_HOST']}/projects/${projectId}/queries`
    const response = await fetch(url, { method: 'POST', body })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toMatchObject({ error: { code: status } })
    await stop()
  })

  test('a port in use is told plainly', async () => {
    const { store, rest, stop } = await startRest()
    const port = Number(new URL(rest.environment['BIGQUERY_EMULATOR_HOST'] ?? '').port)
    await expect(startBigQueryRest({ store, directory, projectId, port })).rejects.toThrow(
      `port ${port} is in use (BigQuery)`,
    )
    await stop()
  })
})

describe('REST and Storage Write together', () => {
  test('share one service, whose tables and views are there after a restart', async () => {
    const first = await startBigQuery({ directory, projectId })
    const client = clientOf(first)
    const [logs] = await client.createDataset('logs')
    await logs.createTable('t', { schema: [{ name: 'n', type: 'INTEGER' }] })
    await client.query('CREATE VIEW logs.v AS SELECT COUNT(*) AS c FROM logs.t')
    expect(first.environment).toHaveProperty('CAUSEWAY_BIGQUERY_WRITE_ENDPOINT')
    expect(first.calls()).toMatchObject({ 'tables.insert': 1, 'jobs.query': 1 })
    await first.stop()
    await first.stop()
    const second = await startBigQuery({ directory, projectId })
    expect((await clientOf(second).query('SELECT c FROM logs.v'))[0]).toEqual([{ c: 0 }])
    await second.stop()
  })
})
