import { expect, test } from 'vitest'
import { objectLogTable } from '../../functions/commit/object-table.ts'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { rejectTable } from '../../functions/split/tables/reject-table.ts'
import { landingBucket } from '../finalize/push-event.ts'
import { projectId, startLoaders } from './loaders.ts'

const bridge = defineBridge({
  aws: { region: 'us-east-1' },
  google: { project: projectId, location: 'US', landingBucket, ledgerBucket: 'example-ledger' },
  sources: { ecs: { bucket: 'example-logs', format: 'json-lines' } },
})

test("the bridge's own tables, made by an earlier release, get the columns they lack and keep what they have", async () => {
  const { client, query, loader } = await startLoaders(bridge, { schemaDelayMillis: 300 })
  await client.createDataset(bridge.stateDataset)
  for (const { dataset, name, layout } of [objectLogTable(bridge), rejectTable(bridge)]) {
    const earlier = layout.columns.slice(0, 4).map((column) => ({ name: column.name, type: column.type }))
    const schema = [...earlier, { name: 'by_hand', type: 'STRING' }]
    await client.dataset(dataset).createTable(name, { schema })
  }
  const put = await loader()
  expect(await put('one', { service: 'web' }, 'no JSON')).toEqual(['committed'])
  expect(await query('SELECT lines_read, rows_rejected, by_hand FROM causeway.object_log')).toEqual([
    { lines_read: 2, rows_rejected: 1, by_hand: null },
  ])
  expect(await query('SELECT raw_line, by_hand FROM causeway.rejects')).toEqual([
    { raw_line: 'no JSON', by_hand: null },
  ])
})
