import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import archive from '../../examples/archive/bridge.config.ts'
import trade from '../../examples/trade/bridge.config.ts'
import type { Bridge, Source } from '../../functions/config/schema.ts'
import { readObject } from '../split/read-object.ts'

const examples = join(import.meta.dirname, '../../examples')
const file = (name: string) => readFileSync(join(examples, name))
const hashKey = 'a key for tests only'

function onlySource(bridge: Bridge): Source {
  const [source] = bridge.sources
  if (!source) throw new Error('the example has no source')
  return source
}

test('a trade service: failures only, the message in columns, a table a component', async () => {
  const { tables, counts, rejects } = await readObject(onlySource(trade), file('trade/events.log'), {
    hashKey,
  })
  expect(counts).toEqual({ read: 6, written: 3, filtered: 2, rejected: 1 })
  expect(rejects).toMatchObject([{ error_class: 'malformed', source_line: '6' }])
  expect(Object.keys(tables).sort()).toEqual([
    'causeway.rejects',
    'logs.trade_market_data',
    'logs.trade_order_gateway',
    'logs.trade_settlement',
  ])
  const account = createHmac('sha256', hashKey).update('4711').digest('hex').slice(0, 32)
  const [refused] = tables['logs.trade_order_gateway'] ?? []
  expect(refused).toMatchObject({
    app: 'order-gateway',
    event_time: '1795169701457000',
    epoch: '1795169701457000',
    returnCode: '17',
    returnError: 'Order refused',
    returnMessage: 'limit exceeded',
    requestId: 'c20ad4d76fe9',
    source_line: '2',
  })
  expect(JSON.parse(String(refused?.['rest']))).toEqual({ component: 'order-gateway', account })
})

test('a return code that is no number keeps its row', async () => {
  const { tables, shapeCounts } = await readObject(onlySource(trade), file('trade/events.log'), { hashKey })
  const [stalled] = tables['logs.trade_market_data'] ?? []
  expect(stalled).not.toHaveProperty('returnCode')
  expect(JSON.parse(String(stalled?.['rest']))).toMatchObject({ returnCode: 'E7' })
  expect(shapeCounts.misfits).toBe(1)
})

test('many apps in one archive: each in a table of its own', async () => {
  const { tables, rowsByApp, counts } = await readObject(onlySource(archive), file('archive/host-1.log.gz'))
  expect(counts).toEqual({ read: 24, written: 21, filtered: 3, rejected: 0 })
  expect(rowsByApp).toEqual({ checkout: 7, payments: 7, search: 4, system: 3 })
  for (const [app, count] of Object.entries(rowsByApp)) {
    const rows = tables[`logs.host_${app}`] ?? []
    expect(rows.map((row) => row['app'])).toEqual(Array.from({ length: count }, () => app))
  }
})

test.each(['trade', 'archive'])('the configuration of %s stays under 40 lines of code', (name) => {
  const lines = file(`${name}/bridge.config.ts`).toString().split('\n')
  const code = lines.filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/\*|\*)/.test(line))
  expect(code.length).toBeLessThan(40)
})
