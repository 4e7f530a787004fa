import { BigQuery } from '@google-cloud/bigquery'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BigQueryCatalog } from '../../functions/clients/bigquery-catalog.ts'
import { Failure } from '../../functions/model/failure.ts'
import type { Table } from '../../functions/model/table.ts'
import { type Answer, hangUp, json, refusal, ScriptedHttp, silence } from './scripted-http.ts'

const table: Table = {
  dataset: 'logs',
  name: 'ecs_web',
  layout: {
    columns: [
      { name: 'timestamp', type: 'TIMESTAMP', description: 'When it happened' },
      { name: 'count', type: 'INT64', description: 'How many' },
      { name: 'tags', type: 'STRING', mode: 'REPEATED', description: 'What it is' },
    ],
    partitionBy: 'timestamp',
    clusterBy: ['count'],
    description: 'Logs of web',
  },
}
const { layout } = table
const shouting: Table = {
  ...table,
  layout: {
    ...layout,
    columns: layout.columns.map((column) => ({ ...column, name: column.name.toUpperCase() })),
  },
}
const fields = [
  { name: 'timestamp', type: 'TIMESTAMP', mode: 'NULLABLE', description: 'When it happened' },
  { name: 'count', type: 'INT64', mode: 'NULLABLE', description: 'How many' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED', description: 'What it is' },
]
const datasets = '/projects/example-project/datasets'
const tables = `${datasets}/logs/tables`
const path = `${tables}/ecs_web`
const made = json({ datasetReference: { datasetId: 'logs' }, tableReference: { tableId: 'ecs_web' } })
const unavailable = { kind: 'system', stage: 'append', code: 'table_unavailable' }

let http: ScriptedHttp
let catalog: BigQueryCatalog

beforeEach(async () => {
  http = await ScriptedHttp.start()
  vi.stubEnv('BIGQUERY_EMULATOR_HOST', http.url)
  catalog = new BigQueryCatalog(new BigQuery({ projectId: 'example-project', autoRetry: false }), 'EU', 300)
})
afterEach(async () => {
  await http.stop()
  vi.unstubAllEnvs()
})

/** What came, as `METHOD path`. */
const heard = () => http.heard.map((request) => `${request.method} ${request.path}`)
const sent = (nth: number): unknown => JSON.parse(http.heard[nth]?.body ?? '')

test('a table is made with its columns, its partitions and its clusters', async () => {
  http.script(made)
  await catalog.create(table)
  expect(heard()).toEqual([`POST ${tables}`])
  expect(sent(0)).toMatchObject({
    schema: { fields },
    tableReference: { datasetId: 'logs', tableId: 'ecs_web' },
    timePartitioning: { type: 'DAY', field: 'timestamp' },
    clustering: { fields: ['count'] },
    description: 'Logs of web',
  })
})

test('a table that is there already is as good as made', async () => {
  http.script(refusal(409))
  await catalog.create(table)
  expect(heard()).toEqual([`POST ${tables}`])
})

test('the first table makes its dataset, where the bridge is', async () => {
  http.script(refusal(404), made, made)
  await catalog.create(table)
  expect(heard()).toEqual([`POST ${tables}`, `POST ${datasets}`, `POST ${tables}`])
  expect(sent(1)).toMatchObject({ datasetReference: { datasetId: 'logs' }, location: 'EU' })
})

test('a dataset and a table that another has made meanwhile are as good as made', async () => {
  http.script(refusal(404), refusal(409), refusal(409))
  await catalog.create(table)
  expect(heard()).toEqual([`POST ${tables}`, `POST ${datasets}`, `POST ${tables}`])
})

const old = [
  { name: 'Timestamp', type: 'TIMESTAMP' },
  {
    name: 'kept',
    type: 'FLOAT',
    mode: 'REQUIRED',
    description: 'Ours no more',
    policyTags: { names: ['a'] },
  },
]
const lacking = json({ etag: 'one', schema: { fields: old } })
const complete = json({ etag: 'two', schema: { fields: [...old, ...fields.slice(1)] } })
const widened = [
  { name: 'Timestamp', type: 'TIMESTAMP', mode: 'NULLABLE' },
  { name: 'kept', type: 'FLOAT64', mode: 'REQUIRED' },
  { name: 'count', type: 'INT64', mode: 'NULLABLE' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
]

test('a table gets the columns it lacks behind those it has, which stay as they are', async () => {
  http.script(lacking, made)
  expect(await catalog.widen(table)).toEqual(widened)
  expect(heard()).toEqual([`GET ${path}`, `PATCH ${path}`])
  expect(sent(1)).toEqual({ schema: { fields: [...old, ...fields.slice(1)] } })
})

test('a table that lacks nothing is left alone, whatever the case of its names', async () => {
  http.script(complete)
  expect(await catalog.widen(shouting)).toEqual(widened)
  expect(heard()).toEqual([`GET ${path}`])
})

test('a table without any columns gets all', async () => {
  http.script(json({}), made)
  expect(await catalog.widen(table)).toHaveLength(3)
  expect(sent(1)).toEqual({ schema: { fields } })
})

test('where another has added columns meanwhile, theirs are kept too', async () => {
  const theirs = json({ schema: { fields: [...old, { name: 'theirs', type: 'STRING' }] } })
  http.script(lacking, refusal(400), theirs, made)
  const names = (await catalog.widen(table)).map(({ name }) => name)
  expect(names).toEqual(['Timestamp', 'kept', 'theirs', 'count', 'tags'])
  expect(sent(3)).toMatchObject({ schema: { fields: [{}, {}, { name: 'theirs' }, {}, {}] } })
})

test('what is refused though nobody added columns is refused', async () => {
  http.script(lacking, refusal(400), lacking, refusal(400))
  await expect(catalog.widen(table)).rejects.toMatchObject(unavailable)
  expect(http.heard).toHaveLength(4)
})

/** A page of a dataset's tables. */
const page = (names: readonly string[], nextPageToken?: string) =>
  json({ tables: names.map((tableId) => ({ tableReference: { tableId } })), nextPageToken })

test('tables are listed page by page, those of the prefix', async () => {
  http.script(page(['ecs_a', 'alb_a'], 'more'), page([], 'last'), page(['ecs_b', 'ec']))
  expect(await catalog.names('logs', 'ecs_', 10)).toEqual(['ecs_a', 'ecs_b'])
  expect(http.heard.map(({ query }) => query['pageToken'])).toEqual([undefined, 'more', 'last'])
})

test('no more tables are listed than are asked for, and no further page', async () => {
  http.script(page(['ecs_a', 'alb_a', 'ecs_b', 'ecs_c'], 'more'))
  expect(await catalog.names('logs', 'ecs_', 2)).toEqual(['ecs_a', 'ecs_b'])
  expect(http.heard).toHaveLength(1)
})

test('a dataset that is not there has no tables', async () => {
  http.script(refusal(404))
  expect(await catalog.names('logs', 'ecs_', 10)).toEqual([])
})

const calls = {
  create: () => catalog.create(table),
  widen: () => catalog.widen(table),
  names: () => catalog.names('logs', 'ecs_', 10),
}
const troubles: readonly (readonly [string, Answer])[] = [
  ...[400, 401, 403, 429, 500, 503].map((status) => [String(status), refusal(status)] as const),
  ['no answer', silence],
  ['a connection that is closed', hangUp],
]

test.each(
  (['create', 'widen', 'names'] as const).flatMap((call) => troubles.map((one) => [call, ...one] as const)),
)('%s: %s is no fault of an object', async (call, _, answer) => {
  http.script(answer)
  const failure = await calls[call]().catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(Failure)
  expect(failure).toMatchObject(unavailable)
})

test('a table that is not there is not widened, nor is one whose dataset cannot be made', async () => {
  http.script(refusal(404))
  await expect(catalog.widen(table)).rejects.toMatchObject(unavailable)
  http.script(refusal(404), refusal(403))
  await expect(catalog.create(table)).rejects.toMatchObject(unavailable)
})
