import { expect, test } from 'vitest'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { landingBucket } from '../finalize/push-event.ts'
import { projectId, startLoaders } from './loaders.ts'

const bridge = defineBridge({
  aws: { region: 'us-east-1' },
  google: { project: projectId, location: 'US', landingBucket, ledgerBucket: 'example-ledger' },
  sources: { ecs: { bucket: 'example-logs', format: 'json-lines', contract: 'evolve', split: 'cluster' } },
})

test('a new field becomes a column of a table in use, and a warm table costs no metadata call', async () => {
  const { bigquery, query, loader } = await startLoaders(bridge, { schemaDelayMillis: 300 })
  const put = await loader()
  expect(await put('one', { n: 1 })).toEqual(['committed'])
  expect(await put('two', { n: 2, price: 0.5, tags: ['x'] })).toEqual(['committed'])
  const metadata = () => [bigquery.calls()['tables.get'], bigquery.calls()['tables.patch']]
  const before = metadata()
  expect(await put('three', { price: 1, n: 'many' })).toEqual(['committed'])
  expect(metadata()).toEqual(before)
  expect(
    await query("SELECT n, price, JSON_VALUE(rest, '$.n') AS rest FROM logs.ecs ORDER BY source_uri"),
  ).toEqual([
    { n: 1, price: null, rest: null },
    { n: null, price: 1, rest: 'many' },
    { n: 2, price: 0.5, rest: null },
  ])
  expect(await query("SELECT values_misfit FROM causeway.object_log WHERE source_uri LIKE '%three'")).toEqual(
    [{ values_misfit: 1 }],
  )
})

test('two loaders that guessed different types agree, and no row is lost or there twice', async () => {
  const { query, loader } = await startLoaders(bridge, { schemaDelayMillis: 100 })
  const [one, two] = [await loader(), await loader()]
  const deliveries = await Promise.all([
    one('a', { id: 7, at: 1 }, { id: 8 }),
    two('b', { id: 'x', by: 'y' }, { id: 'z' }),
  ])
  expect(deliveries.flat().filter((delivery) => delivery === 'committed')).toHaveLength(2)
  expect(deliveries.flat()).toContain('schema_behind')
  expect(await one('c', { id: 9 })).toContain('committed')
  expect(await two('d', { id: 'w', at: 2 })).toContain('committed')
  const ids = await query(
    "SELECT COALESCE(CAST(id AS STRING), JSON_VALUE(rest, '$.id')) AS id FROM logs.ecs ORDER BY id",
  )
  expect(ids.map(({ id }) => id)).toEqual(['7', '8', '9', 'w', 'x', 'z'])
})

test.each([
  ['INTEGER', [1, null]],
  ['JSON', ['1', '"text"']],
  ['STRING', ['1', 'text']],
  ['TIMESTAMP', [null, null]],
  ['DATE', [null, null]],
])('a table that has the column as %s already', async (type, cells) => {
  const { client, query, loader } = await startLoaders(bridge)
  await client.createDataset('logs')
  await client.dataset('logs').createTable('ecs', {
    schema: [
      { name: 'app', type: 'STRING' },
      { name: 'rest', type: 'JSON' },
      { name: 'v', type },
    ],
  })
  const put = await loader()
  const deliveries = await put('one', { v: 1 }, { v: 'text' })
  expect(deliveries).toEqual(type === 'INTEGER' ? ['committed'] : ['schema_behind', 'committed'])
  const v = type === 'JSON' ? 'TO_JSON_STRING(v)' : 'v'
  const rows = await query(
    `SELECT ${v} AS v, JSON_VALUE(rest, '$.v') AS rest FROM logs.ecs ORDER BY source_line`,
  )
  expect(rows.map((row) => row['v'])).toEqual(cells)
  expect(rows.map((row) => row['rest'])).toEqual(
    cells.map((cell, n) => (cell === null ? ['1', 'text'][n] : null)),
  )
})

test('a large object whose fields appear one by one is loaded whole', async () => {
  const { query, loader } = await startLoaders(bridge, { schemaDelayMillis: 50 })
  const put = await loader({ heldBytes: 100, pieceBytes: 100 })
  const padding = 'x'.repeat(70_000)
  const lines = Array.from({ length: 12 }, (_, n) => ({ message: padding, [`field_${n}`]: n }))
  expect(await put('large', ...lines)).toEqual(['committed'])
  const sum = lines.map((_, n) => `COUNTIF(field_${n} = ${n})`).join(' + ')
  expect(await query(`SELECT ${sum} AS found, COUNT(*) AS n FROM logs.ecs`)).toEqual([{ found: 12, n: 12 }])
})

test('a table made anew with another type, behind the back of a loader that knew it', async () => {
  const { client, query, loader } = await startLoaders(bridge)
  const put = await loader()
  await put('one', { v: 1 })
  const table = client.dataset('logs').table('ecs')
  const [{ schema }] = await table.getMetadata()
  await table.delete()
  const fields = schema.fields.map((field: { name: string; type: string }) =>
    field.name === 'v' ? { ...field, type: 'STRING' } : field,
  )
  await client.dataset('logs').createTable('ecs', { schema: { fields } })
  expect(await put('two', { v: 2 })).toEqual(['schema_behind', 'committed'])
  // Two types were seen: neither is relied on any more.
  const rows = await query("SELECT v, JSON_VALUE(rest, '$.v') AS rest FROM logs.ecs")
  expect(rows).toEqual([{ v: null, rest: '2' }])
})

test('a table whose type is written like the guessed one is seen before a row is sent', async () => {
  const { client, query, loader } = await startLoaders(bridge)
  await client.createDataset('logs')
  const schema = [
    { name: 'app', type: 'STRING' },
    { name: 'since', type: 'TIMESTAMP' },
  ]
  await client.dataset('logs').createTable('ecs', { schema })
  const put = await loader()
  // The table has all other columns then: nothing but a look at it tells.
  await put('before', {})
  expect(await put('one', { since: 1_795_169_700 })).toEqual(['schema_behind', 'committed'])
  expect(await query('SELECT UNIX_SECONDS(since) AS seconds FROM logs.ecs WHERE since IS NOT NULL')).toEqual([
    { seconds: 1_795_169_700 },
  ])
})
