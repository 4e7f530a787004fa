import { expect, test } from 'vitest'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { landingBucket } from '../finalize/push-event.ts'
import { projectId, startLoaders } from './loaders.ts'

const clouds = {
  aws: { region: 'us-east-1' },
  google: { project: projectId, location: 'US', landingBucket, ledgerBucket: 'example-ledger' },
}
const bridge = defineBridge({
  ...clouds,
  sources: { ecs: { bucket: 'example-logs', format: 'json-lines', maxTables: 2 } },
})

test('apps past the cap share a table, whichever objects and instances they come by', async () => {
  const { client, query, loader } = await startLoaders(bridge)
  const [one, two] = [await loader(), await loader()]
  expect(await one('one', { app: 'a' }, { app: 'other' })).toEqual(['committed'])
  expect(await one('two', { app: 'c' }, { app: 'a' })).toEqual(['committed'])
  expect(await two('three', { app: 'd' }, { app: 'other' }, { app: 'c' })).toEqual(['committed'])
  const [tables] = await client.dataset('logs').getTables()
  const [a, overflow, other] = tables.map(({ id }) => String(id)).sort()
  expect([a, overflow, tables.length]).toEqual(['ecs_a', 'ecs_other', 3])
  expect(other).toMatch(/^ecs_other__[0-9a-f]{8}$/)
  const appsOf = (table = '') => query(`SELECT app FROM logs.${table} ORDER BY app`)
  expect(await appsOf(a)).toEqual([{ app: 'a' }, { app: 'a' }])
  expect(await appsOf(other)).toEqual([{ app: 'other' }, { app: 'other' }])
  expect(await appsOf(overflow)).toEqual([{ app: 'c' }, { app: 'c' }, { app: 'd' }])
})

test('a source of any format has one cap, and a table past it for each format', async () => {
  const source = { bucket: 'example-logs', maxTables: 2 }
  const { client, query, loader } = await startLoaders(defineBridge({ ...clouds, sources: { any: source } }))
  const put = await loader({ heldBytes: 100, pieceBytes: 100 })
  const trace = (app: string) => `<134>1 2026-11-20T10:15:00Z host ${app} - - - hello`
  expect(await put('one', { app: 'a' })).toEqual(['committed'])
  expect(await put('two', trace('a'), trace('a'))).toEqual(['committed'])
  expect(await put('three', trace('b'), trace('b'), trace('a'))).toEqual(['committed'])
  expect(await put('four', { app: 'b' }, { app: 'a' })).toEqual(['committed'])
  const [tables] = await client.dataset('logs').getTables()
  const names = ['any__jsonlines_a', 'any__jsonlines_other', 'any__syslog_a', 'any__syslog_other']
  expect(tables.map(({ id }) => id).toSorted()).toEqual(names)
  const rows = await Promise.all(names.map((name) => query(`SELECT COUNT(*) AS n FROM logs.${name}`)))
  expect(rows.flat()).toEqual([{ n: 2 }, { n: 1 }, { n: 3 }, { n: 2 }])
})

test('a source of any format that is clustered has no cap', async () => {
  const source = { bucket: 'example-logs', split: 'cluster', maxTables: 1 } as const
  const { client, loader } = await startLoaders(defineBridge({ ...clouds, sources: { any: source } }))
  const put = await loader()
  expect(await put('one', { app: 'a' })).toEqual(['committed'])
  expect(await put('two', '<134>1 2026-11-20T10:15:00Z host b - - - hello')).toEqual(['committed'])
  const [tables] = await client.dataset('logs').getTables()
  expect(tables.map(({ id }) => id).toSorted()).toEqual(['any__jsonlines', 'any__syslog'])
})
