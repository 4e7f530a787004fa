import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { ColumnResource, TableResource } from '../../scripts/local/bigquery/store/resources.ts'
import { BigQueryStore } from '../../scripts/local/bigquery/store/store.ts'

const dataset = { project: 'p', dataset: 'causeway' }
const address = { ...dataset, table: 'objects' }
const datasetResource = { datasetReference: { projectId: 'p', datasetId: 'causeway' } }
const fields: ColumnResource[] = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'at', type: 'TIMESTAMP' },
  { name: 'parts', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'size', type: 'INT64' }] },
]
const resource = (
  schema: readonly ColumnResource[] = fields,
  rest: Partial<TableResource> = {},
): TableResource => ({
  ...rest,
  tableReference: { projectId: 'p', datasetId: 'causeway', tableId: 'objects' },
  schema: { fields: schema },
})

let directory: string
let store: BigQueryStore

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bigquery-store-'))
  store = await BigQueryStore.open(directory)
  onTestFinished(async () => {
    await store.close()
    await rm(directory, { recursive: true })
  })
  await store.createDataset({ ...datasetResource, labels: { a: 'b' } })
})

test('a person who opens the file can query the tables by their names', async () => {
  await store.createTable(resource())
  await store.transaction((connection) =>
    connection.run(`INSERT INTO causeway.objects VALUES (1, '2024-05-01 12:00:00+02', [{size: 7}])`),
  )
  await store.close()
  const instance = await DuckDBInstance.create(store.file)
  const connection = await instance.connect()
  const read = await connection.runAndReadAll(
    'SELECT id, epoch_us("at"), parts[1].size FROM causeway.objects',
  )
  expect(read.getRows()).toEqual([[1n, 1_714_557_600_000_000n, 7n]])
  connection.closeSync()
  instance.closeSync()
})

test('resources are there again when the store is opened again', async () => {
  const created = await store.createTable(resource(fields, { labels: { team: 'x' }, description: 'd' }))
  await store.close()
  store = await BigQueryStore.open(directory)
  expect(store.getTable(address)).toEqual(created)
  expect(store.listTables(dataset)).toEqual([created])
  expect(store.listDatasets('p')).toMatchObject([{ labels: { a: 'b' } }])
})

describe('refusals', () => {
  test.each([
    ['notFound', 'Not found: Dataset p:none', () => store.getDataset({ project: 'p', dataset: 'none' })],
    ['notFound', 'Not found: Dataset q:causeway', () => store.getDataset({ ...dataset, project: 'q' })],
    ['notFound', 'Not found: Table p:causeway.none', () => store.getTable({ ...address, table: 'none' })],
    [
      'notFound',
      'Not found: Table p:causeway.Objects',
      () => store.getTable({ ...address, table: 'Objects' }),
    ],
    ['duplicate', 'Already Exists: Dataset p:causeway', () => store.createDataset(datasetResource)],
    ['duplicate', 'Already Exists: Table p:causeway.objects', () => store.createTable(resource())],
    ['resourceInUse', 'Dataset p:causeway is still in use', () => store.deleteDataset(dataset)],
  ])('%s: %s', async (reason, message, action) => {
    await store.createTable(resource())
    await expect(async () => action()).rejects.toMatchObject({ reason, message })
  })

  test.each<[string, TableResource]>([
    ['a bad column name', resource([{ name: 'a-b', type: 'STRING' }])],
    ['a reserved column name', resource([{ name: '_PARTITIONTIME', type: 'TIMESTAMP' }])],
    [
      'a column twice',
      resource([
        { name: 'a', type: 'STRING' },
        { name: 'A', type: 'STRING' },
      ]),
    ],
    ['an unknown type', resource([{ name: 'a', type: 'TEXT' }])],
    ['a record without fields', resource([{ name: 'a', type: 'RECORD' }])],
    [
      'a partition column that is no time',
      resource(fields, { timePartitioning: { type: 'DAY', field: 'id' } }),
    ],
    ['five clustering columns', resource(fields, { clustering: { fields: ['id', 'at', 'id', 'at', 'id'] } })],
    [
      'a bad table name',
      { ...resource(), tableReference: { projectId: 'p', datasetId: 'causeway', tableId: 'a.b' } },
    ],
  ])('%s is invalid and leaves nothing', async (_, table) => {
    await expect(store.createTable(table)).rejects.toMatchObject({ reason: 'invalid' })
    expect(store.listTables(dataset)).toEqual([])
  })

  test.each(['a-b', '', 'main', '_causeway'])('dataset %j is invalid', async (datasetId) => {
    const action = store.createDataset({ datasetReference: { projectId: 'p', datasetId } })
    await expect(action).rejects.toMatchObject({ reason: 'invalid' })
  })
})

describe('a patch', () => {
  const rows = async () =>
    (await store.query('SELECT * FROM causeway.objects')).rows.map((row) => row.map(String))

  beforeEach(async () => {
    await store.createTable(
      resource(fields, { labels: { keep: '1', drop: '2' }, clustering: { fields: ['id'] } }),
    )
    await store.transaction((connection) =>
      connection.run(`INSERT INTO causeway.objects VALUES (1, NULL, [{size: 7}])`),
    )
  })

  test('adds columns at every level, relaxes, and keeps the rows', async () => {
    const before = store.getTable(address)
    const wider: ColumnResource[] = [
      { name: 'id', type: 'INT64', mode: 'NULLABLE' },
      { name: 'at', type: 'TIMESTAMP', description: 'when' },
      {
        name: 'parts',
        type: 'STRUCT',
        mode: 'REPEATED',
        fields: [
          { name: 'size', type: 'INTEGER' },
          { name: 'etag', type: 'STRING' },
        ],
      },
      { name: 'note', type: 'STRING' },
    ]
    const patched = await store.patchTable(address, {
      schema: { fields: wider },
      labels: { drop: null, add: '3' },
    })
    expect(patched).toMatchObject({ schema: { fields: wider }, creationTime: before.creationTime })
    expect(patched['labels']).toEqual({ keep: '1', add: '3' })
    expect(patched.etag).not.toBe(before.etag)
    await store.transaction((connection) =>
      connection.run(`INSERT INTO causeway.objects (note) VALUES ('n')`),
    )
    expect(await rows()).toEqual([
      ['1', 'null', "[{'size': 7, 'etag': NULL}]", 'null'],
      ['null', 'null', 'null', 'n'],
    ])
  })

  test.each<[string, Partial<TableResource>]>([
    ['drop a column', { schema: { fields: fields.slice(1) } }],
    [
      'change a type',
      { schema: { fields: [{ name: 'id', type: 'STRING', mode: 'REQUIRED' }, ...fields.slice(1)] } },
    ],
    [
      'make a column REQUIRED',
      {
        schema: {
          fields: [
            ...fields.slice(0, 1),
            { name: 'at', type: 'TIMESTAMP', mode: 'REQUIRED' },
            ...fields.slice(2),
          ],
        },
      },
    ],
    [
      'add a REQUIRED column',
      { schema: { fields: [...fields, { name: 'x', type: 'STRING', mode: 'REQUIRED' }] } },
    ],
    ['change the clustering', { clustering: { fields: ['at'] } }],
    ['add a partitioning', { timePartitioning: { type: 'DAY', field: 'at' } }],
  ])('cannot %s', async (_, patch) => {
    const before = store.getTable(address)
    await expect(store.patchTable(address, patch)).rejects.toMatchObject({ reason: 'invalid' })
    expect(store.getTable(address)).toEqual(before)
    expect(await rows()).toEqual([['1', 'null', "[{'size': 7}]"]])
  })

  test('that fails in DuckDB leaves the resource as it was', async () => {
    const before = store.getTable(address)
    await store.transaction((connection) => connection.run('DROP TABLE causeway.objects'))
    await expect(
      store.patchTable(address, { schema: { fields: [...fields, { name: 'x', type: 'STRING' }] } }),
    ).rejects.toThrow()
    expect(store.getTable(address)).toEqual(before)
  })
})

test('views are made of DuckDB’s SQL and listed as views', async () => {
  const view = {
    tableReference: { projectId: 'p', datasetId: 'causeway', tableId: 'v' },
    view: { query: 'SELECT 1 AS a' },
  }
  expect(await store.createTable(view, 'SELECT 1 AS a')).toMatchObject({ type: 'VIEW' })
  expect((await store.query('SELECT * FROM causeway.v')).columns).toEqual([{ name: 'a', type: 'INTEGER' }])
  await store.deleteTable({ ...address, table: 'v' })
  await expect(store.query('SELECT * FROM causeway.v')).rejects.toThrow('v')
})

test('deleted tables and datasets are gone, and their names free', async () => {
  const first = await store.createTable(resource())
  await store.deleteTable(address)
  const second = await store.createTable(resource())
  expect(second.creationTime).not.toBe(first.creationTime)
  await store.deleteDataset(dataset, { deleteContents: true })
  await store.createDataset(datasetResource)
  expect(store.listTables(dataset)).toEqual([])
})

test('a query cannot write, and a transaction that throws has not', async () => {
  await store.createTable(resource())
  await expect(store.query('INSERT INTO causeway.objects (id) VALUES (1)')).rejects.toThrow('read-only')
  const failed = store.transaction(async (connection) => {
    await connection.run('INSERT INTO causeway.objects (id) VALUES (2)')
    throw new Error('stop')
  })
  await expect(failed).rejects.toThrow('stop')
  await store.transaction((connection) => connection.run('INSERT INTO causeway.objects (id) VALUES (3)'))
  expect((await store.query('SELECT id FROM causeway.objects WHERE id > ?', [0])).rows).toEqual([[3n]])
})
