import { afterAll, beforeAll, expect, test } from 'vitest'
import config from '../../bridge.config.ts'
import { instancesOf } from '../../cdktf/google/lanes.ts'
import { startTestBridge, type TestBridge } from './local-bridge.ts'

const bucket = config.sources.find(({ name }) => name === 'ecs')?.bucket ?? ''
const [objects, apps] = [12, 60]
const body = Array.from(
  { length: apps },
  (_, n) => `${JSON.stringify({ app: `app-${n}`, message: 'hello' })}\n`,
)

let local: TestBridge
beforeAll(async () => {
  local = await startTestBridge(config)
}, 120_000)
afterAll(() => local?.stop())

test('objects of sixty apps, one after the other: a stream for each app, whatever comes behind the first', async () => {
  // The function takes the share that one of so many has in the cloud.
  expect(instancesOf(config)).toBe(10)
  const { put, queryUntil, query } = local
  for (let n = 0; n < objects; n++) {
    await put(bucket, `${n}.log`, body.join(''))
    await queryUntil('SELECT source_uri FROM causeway.objects', (rows) => rows.length === n + 1)
  }
  expect(await query('SELECT COUNT(*) AS n FROM `logs.ecs_*`')).toEqual([{ n: objects * apps }])
  const { CreateWriteStream, AppendRows, FlushRows } = local.bridge.bigquery.calls()
  expect(CreateWriteStream).toBe(apps)
  expect([AppendRows, FlushRows]).toEqual([objects * (apps + 1), objects * apps])
  // Nobody waited for the share of streams: that would be told as the reason of another try.
  expect(await query('SELECT DISTINCT outcome FROM causeway.object_log')).toEqual([{ outcome: 'committed' }])
}, 240_000)
