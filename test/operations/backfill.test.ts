import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { spawnCommand } from '../bridge/command-process.ts'
import { emptyQueues, inTurn, type Put, put } from './drift.ts'
import { type Operated, startOperated } from './operated.ts'

const bucket = 'example-logs'
const sources = { texts: { bucket, prefix: 'logs/', format: 'text' as const } }
const objects = (place: string, count: number): Put[] =>
  Array.from({ length: count }, (_, n) => ({
    bucket,
    key: `logs/${place}/${n % 5 ? '' : 'odd, "name" ä+b%20/'}${n}.log`,
    lines: 1 + (n % 3),
    fate: 'loaded',
  }))
const [history, live] = [objects('history', 60), objects('live', 5)]

let operated: Operated
beforeAll(async () => {
  operated = await startOperated(sources, { lanes: { backfill: {} } })
  const { clients, bridge, client, causeway } = operated
  // What is older than the bridge was never announced.
  expect((await causeway('pause', 'texts', '--yes')).code).toBe(0)
  await inTurn(history, 8, (object) => put(clients, object))
  await emptyQueues(bridge, clients, history.length)
  expect((await causeway('resume', 'texts', '--yes')).code).toBe(0)
  await inTurn(live, 8, (object) => put(clients, object))
  await client.queryUntil('SELECT COUNT(*) AS n FROM causeway.objects', ([row]) => row?.['n'] === live.length)
}, 120_000)
afterAll(() => operated.stop())

const backfill = (...args: string[]) => operated.causeway('backfill', 'texts', ...args)

test('what is not loaded is counted, and a lane that is not there is refused', async () => {
  const plan = await backfill('--json', '--batch', '25')
  const { figures } = { figures: JSON.parse(plan.stdout).plan }
  expect([plan.code, figures]).toMatchObject([
    1,
    { 'objects to load': 60, 'transfer jobs': 3, 'loaded already': 5 },
  ])
  expect(JSON.parse((await backfill('--json', '--prefix', 'logs/live/')).stdout).plan).toMatchObject({
    'objects to load': 0,
    'loaded already': 5,
  })
  expect(JSON.parse((await backfill('--json', '--to', '2020-01-01')).stdout).todo).toBe(0)
  const elsewhere = await backfill('--lane', 'slow')
  expect([elsewhere.code, elsewhere.stderr]).toEqual([2, expect.stringContaining('there is no lane slow')])
  const foreign = await backfill('--prefix', 'other/')
  expect([foreign.code, foreign.stderr]).toEqual([
    2,
    expect.stringContaining('keys of texts begin with logs/'),
  ])
})

test('killed and begun again, it loads every line once, in its own lane', async () => {
  for (const milliseconds of [2_500, 4_000]) {
    const child = spawnCommand([...operated.options, 'backfill', 'texts', '--batch', '25', '--yes'])
    const ended = once(child, 'exit')
    await Promise.race([ended, wait(milliseconds)])
    child.kill('SIGKILL')
    await ended
  }
  const done = await backfill('--batch', '25', '--yes')
  expect([done.code, done.stderr]).toEqual([0, expect.not.stringContaining('still being tried')])

  const { client } = operated
  const rows = await client.query(
    'SELECT source_uri, COUNT(*) AS n, COUNT(DISTINCT source_line) AS lines FROM `logs.*` GROUP BY source_uri',
  )
  expect(rows.map(({ source_uri, n, lines }) => `${source_uri} ${n} ${lines}`).sort()).toEqual(
    [...history, ...live].map(({ key, lines }) => `s3://${bucket}/${key} ${lines} ${lines}`).sort(),
  )
  const [lanes] = await client.query(
    `SELECT COUNTIF(STARTS_WITH(landing_uri, 'gs://example-landing/s3/lane=backfill/')) AS own, COUNT(*) AS n
    FROM causeway.objects`,
  )
  expect(lanes).toEqual({ own: history.length, n: history.length + live.length })
  // Each kill may have left one, which has nothing to do any more.
  const [jobs] = await operated.clients.transfer.listTransferJobs({
    filter: JSON.stringify({ projectId: 'example-project', jobStatuses: ['ENABLED'] }),
  })
  expect(jobs.filter(({ transferSpec }) => transferSpec?.transferManifest).length).toBeLessThanOrEqual(2)
  expect(await backfill('--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') })
}, 180_000)
