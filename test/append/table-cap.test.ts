import { expect, test } from 'vitest'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { landingBucket } from '../finalize/push-event.ts'
import { projectId, startLoaders } from './loaders.ts'

const bridge = defineBridge({
  aws: { region: 'us-east-1' },
  google: { project: projectId, location: 'US', landingBucket, ledgerBucket: 'example-ledger' },
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
