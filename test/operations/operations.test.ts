import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { publishedBridge, runCommand, spawnCommand } from '../bridge/command-process.ts'
import { connect } from '../bridge/local-bridge.ts'

const definition = JSON.stringify(join(import.meta.dirname, '../../functions/config/define-bridge.ts'))
const bucket = 'example-flow-logs'
const config = (source: object) => ({
  aws: { region: 'us-east-1' },
  google: {
    project: 'example-project',
    location: 'US',
    landingBucket: 'example-landing',
    ledgerBucket: 'example-ledger',
  },
  sources: { flows: { bucket, ...source } },
})
/** Its key says that it is a flow log, and its lines are not. */
const key = 'AWSLogs/123456789012/vpcflowlogs/us-east-1/one.log'

let directory: string
let local: ChildProcess
let client: ReturnType<typeof connect>
const configPath = () => join(directory, 'bridge.config.ts')
const state = () => join(directory, 'state')
const causeway = (...args: string[]) => runCommand('--config', configPath(), '--state', state(), ...args)

async function startWith(source: object): Promise<void> {
  const input = JSON.stringify(config(source))
  await writeFile(
    configPath(),
    `import { defineBridge } from ${definition}\nexport default defineBridge(${input})\n`,
  )
  local = spawnCommand(['--config', configPath(), '--state', state(), 'local'])
  const { environment } = await publishedBridge(state(), local)
  client = connect(defineBridge(config(source)), environment)
}

async function stop(): Promise<void> {
  client.s3.destroy()
  const ended = once(local, 'exit')
  local.kill('SIGINT')
  await ended
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'causeway-operations-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const outcomes = `SELECT outcome FROM causeway.objects WHERE source_uri LIKE '%one.log'`

test('a quarantined object is announced again once its fault is mended, and loads once', async () => {
  await startWith({})
  await client.put(bucket, key, 'a line\nanother\n')
  await client.queryUntil(outcomes, ([row]) => row?.['outcome'] === 'quarantined')
  const early = await causeway('replay', '--reason', 'corrupt_gzip', '--yes')
  expect([early.code, early.stdout]).toEqual([0, expect.stringContaining('nothing to do')])
  await stop()
  await startWith({ format: 'text' })

  const plan = await causeway('replay')
  expect(plan.stdout).toMatch(/quarantined objects +1\n.*of them unknown_format +1\n/)
  expect(plan.stdout).toContain('say --yes')
  expect(plan.code).toBe(1)
  expect(await client.query(outcomes)).toEqual([{ outcome: 'quarantined' }])

  const done = await causeway('replay', '--yes', '--json')
  expect(JSON.parse(done.stdout)).toMatchObject({
    todo: 1,
    figures: { announced: 1, committed: 1, 'still left': 0 },
  })
  expect(done.code).toBe(0)
  expect(await client.query('SELECT COUNT(*) AS n FROM `logs.flows_*`')).toEqual([{ n: 2 }])

  const again = await causeway('replay', '--yes')
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('nothing to do')])
  const soon = await causeway('replay', '--since', 'soon')
  expect([soon.code, soon.stderr]).toEqual([2, expect.stringContaining('30m, 24h or 7d')])
  await stop()
}, 180_000)

test('a paused source is not transferred, and nothing is lost', async () => {
  await startWith({})
  expect((await causeway('pause', 'flows')).code).toBe(1)
  expect(await causeway('pause', 'flows', '--yes')).toMatchObject({ code: 0 })
  await client.put(bucket, 'late.log', 'later\n')
  expect(await causeway('pause', 'flows', '--yes')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('nothing to do'),
  })
  const doctor = await causeway('doctor', '--source', 'flows')
  expect(doctor.stdout).toMatch(/FAIL +flows: transfer job +it is DISABLED/)
  const late = `SELECT outcome FROM causeway.objects WHERE source_uri LIKE '%late.log'`
  expect(await client.query(late)).toEqual([])
  expect(await causeway('resume', 'flows', '--yes')).toMatchObject({ code: 0 })
  await client.queryUntil(late, ([row]) => row?.['outcome'] === 'committed')
  const unknown = await causeway('pause', 'nowhere', '--yes')
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('no source nowhere')])
  await stop()
}, 120_000)

test('where no bridge runs, that is said', async () => {
  const none = await runCommand('--state', join(directory, 'none'), 'replay')
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no local bridge is running')])
})
