import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import config from '../../bridge.config.ts'
import { publishedBridge, runCommand, spawnCommand } from './command-process.ts'
import { connect } from './local-bridge.ts'

const bucket = config.sources.find(({ name }) => name === 'ecs')?.bucket ?? ''
const lines = (app: string, count: number) =>
  Array.from(
    { length: count },
    (_, n) => `${JSON.stringify({ app, n, timestamp: new Date().toISOString() })}\n`,
  ).join('')

const directory = await mkdtemp(join(tmpdir(), 'causeway-kill-'))
afterAll(() => rm(directory, { recursive: true, force: true }))

test('after kill -9 what was loaded is there, and what was uploaded arrives', async () => {
  const first = spawnCommand(['--state', directory, 'local'])
  const before = connect(config, (await publishedBridge(directory, first)).environment)
  await before.put(bucket, 'before the kill.log', lines('before', 100))
  await before.queryUntil('SELECT COUNT(*) AS n FROM logs.ecs_before', ([row]) => row?.['n'] === 100)
  // Acknowledged by S3, and wherever it is by now when the process dies.
  await Promise.all(
    Array.from({ length: 10 }, (_, n) => before.put(bucket, `flight ${n}.log`, lines('flight', 100))),
  )
  first.kill('SIGKILL')
  await once(first, 'exit')
  before.s3.destroy()

  const second = spawnCommand(['--state', directory, 'local'])
  const after = connect(config, (await publishedBridge(directory, second)).environment)
  // Once all are on record, nothing is twice: neither what was seen before the kill nor what was on its way.
  await after.queryUntil('SELECT outcome FROM causeway.objects', (rows) => rows.length === 11)
  expect(await after.query('SELECT COUNT(*) AS n FROM logs.ecs_flight')).toEqual([{ n: 1_000 }])
  expect(await after.query('SELECT COUNT(*) AS n FROM logs.ecs_before')).toEqual([{ n: 100 }])
  after.s3.destroy()

  const beside = await runCommand('--state', directory, 'local')
  expect(beside.code).toBe(1)
  expect(beside.stderr).toContain(`process ${second.pid}`)
  expect(beside.stderr).toContain('AWS_ENDPOINT_URL_S3')

  second.kill('SIGINT')
  expect(await once(second, 'exit')).toEqual([0, null])
}, 240_000)

test('the function ends with the bridge, however that ends', async () => {
  const child = spawnCommand(['--state', directory, 'local'])
  await publishedBridge(directory, child)
  const [functionPid] = await childrenOf(child.pid ?? 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await vi.waitUntil(() => !isAlive(functionPid ?? 0), { timeout: 30_000, interval: 50 })
  expect(functionPid).toBeGreaterThan(0)
}, 150_000)

async function childrenOf(pid: number): Promise<number[]> {
  const { execFile } = await import('node:child_process')
  const { promisify } = await import('node:util')
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=', '--ppid', String(pid)])
  return stdout.trim().split(/\s+/).map(Number)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // No such process.
    return false
  }
}
