import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bridgeNames } from '../../functions/config/names.ts'
import { runCommand } from '../bridge/command-process.ts'
import { type Operated, startOperated } from './operated.ts'

const bucket = 'example-flow-logs'
/** Its key says that it is a flow log, and its lines are not. */
const key = 'AWSLogs/123456789012/vpcflowlogs/us-east-1/one.log'
const sources = (flows: { readonly format?: 'text' }) => ({ flows: { bucket, ...flows } })

let operated: Operated
beforeAll(async () => {
  operated = await startOperated(sources({}))
}, 60_000)
afterAll(() => operated.stop())
const causeway = (...args: string[]) => operated.causeway(...args)

const outcomes = `SELECT outcome FROM causeway.objects WHERE source_uri LIKE '%one.log'`

test('a quarantined object is announced again once its fault is mended, and loads once', async () => {
  await operated.client.put(bucket, key, 'a line\nanother\n')
  await operated.client.queryUntil(outcomes, ([row]) => row?.['outcome'] === 'quarantined')
  const early = await causeway('replay', '--reason', 'corrupt_gzip', '--yes')
  expect([early.code, early.stdout]).toEqual([0, expect.stringContaining('nothing to do')])
  await operated.restart(sources({ format: 'text' }))

  const plan = await causeway('replay')
  expect(plan.stdout).toMatch(/quarantined objects +1\n.*of them unknown_format +1\n/)
  expect(plan.stdout).toContain('say --yes')
  expect(plan.code).toBe(1)
  expect(await operated.client.query(outcomes)).toEqual([{ outcome: 'quarantined' }])

  const done = await causeway('replay', '--yes', '--json')
  expect(JSON.parse(done.stdout)).toMatchObject({
    todo: 1,
    figures: { announced: 1, committed: 1, 'still left': 0 },
  })
  expect(done.code).toBe(0)
  expect(await operated.client.query('SELECT COUNT(*) AS n FROM `logs.flows_*`')).toEqual([{ n: 2 }])

  const again = await causeway('replay', '--yes')
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('nothing to do')])
  const soon = await causeway('replay', '--since', 'soon')
  expect([soon.code, soon.stderr]).toEqual([2, expect.stringContaining('30m, 24h or 7d')])
}, 180_000)

test('a dead letter is announced again, and no longer kept', async () => {
  const { client, clients, bridge } = operated
  const topic = clients.pubsub.topic(bridgeNames(bridge).topic)
  await topic.publishMessage({
    data: Buffer.from('no notification'),
    attributes: { eventType: 'OBJECT_FINALIZE' },
  })
  const onRecord = (n: number) =>
    client.queryUntil(
      `SELECT COUNT(*) AS n FROM causeway.object_log WHERE reason = 'not_a_notification'`,
      ([row]) => row?.['n'] === n,
    )
  await onRecord(1)
  // The object of the test before was given up on too.
  const plan = await causeway('replay', '--dead-letters', '--json')
  expect([plan.code, JSON.parse(plan.stdout).plan]).toEqual([
    1,
    { 'dead letters': 2, 'copies they announce': 1, 'that announce no object': 1 },
  ])
  const done = await causeway('replay', '--dead-letters', '--yes', '--json')
  expect([done.code, JSON.parse(done.stdout).figures]).toEqual([0, { 'announced again': 2 }])
  // It is no better the second time, and kept anew.
  await onRecord(2)
  const one = await causeway('replay', '--dead-letters', '--source', 'flows')
  expect([one.code, one.stderr]).toEqual([2, expect.stringContaining('takes all that are kept')])
}, 120_000)

test('a paused source is not transferred, and nothing is lost', async () => {
  expect((await causeway('pause', 'flows')).code).toBe(1)
  expect(await causeway('pause', 'flows', '--yes')).toMatchObject({ code: 0 })
  await operated.client.put(bucket, 'late.log', 'later\n')
  expect(await causeway('pause', 'flows', '--yes')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('nothing to do'),
  })
  const reconciled = await causeway('reconcile', '--from', '1h', '--to', '0m')
  expect(reconciled.stdout).toContain('flows: about 1 events wait in its queue')
  expect(reconciled.stdout).toContain(`s3://${bucket}/late.log: not_announced`)
  const doctor = await causeway('doctor', '--source', 'flows')
  expect(doctor.stdout).toMatch(/FAIL +flows: transfer job +it is DISABLED/)
  const late = `SELECT outcome FROM causeway.objects WHERE source_uri LIKE '%late.log'`
  expect(await operated.client.query(late)).toEqual([])
  expect(await causeway('resume', 'flows', '--yes')).toMatchObject({ code: 0 })
  await operated.client.queryUntil(late, ([row]) => row?.['outcome'] === 'committed')
  const unknown = await causeway('pause', 'nowhere', '--yes')
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('no source nowhere')])
}, 120_000)

test('where no bridge runs, that is said', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-none-'))
  const none = await runCommand('--state', join(directory, 'none'), 'replay')
  await rm(directory, { recursive: true })
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no local bridge is running')])
})
