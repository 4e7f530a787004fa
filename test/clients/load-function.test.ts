import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BigQuery } from '@google-cloud/bigquery'
import type { FileMetadata } from '@google-cloud/storage'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import config from '../../bridge.config.ts'
import { bridgeNames } from '../../functions/config/names.ts'
import type { FaultPlanInput } from '../../scripts/local/faults.ts'
import { pushBody } from '../../scripts/local/function/push-notification.ts'
import { type LocalLoader, startLocalLoader } from '../../scripts/local/loader.ts'
import { StateDirectory } from '../../scripts/local/state-directory.ts'

const bucket = config.sources.find(({ name }) => name === 'ecs')?.bucket ?? ''
const { subscription, topic } = bridgeNames(config)
const deadLetter = { CloudPubSubDeadLetterSourceSubscription: 'causeway-landed' }

/** The load function in a process of its own, with the services it works with. */
async function start(faults?: FaultPlanInput) {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-function-'))
  const state = new StateDirectory(directory)
  const loader = await startLocalLoader({ bridge: config, state, ...(faults && { faults }) })
  vi.stubEnv('BIGQUERY_EMULATOR_HOST', loader.environment['BIGQUERY_EMULATOR_HOST'])
  const client = new BigQuery({ projectId: config.google.project })
  vi.unstubAllEnvs()
  return {
    loader,
    query: async (sql: string): Promise<Record<string, unknown>[]> => (await client.query(sql))[0],
    stop: async () => {
      await loader.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function land(loader: LocalLoader, app: string, key = `${app}.log`): Promise<FileMetadata> {
  const body = [1, 2, 3].map((n) => `${JSON.stringify({ app, message: `line ${n}` })}\n`).join('')
  return loader.land({ bucket, key, etag: key, body })
}

/** The status Pub/Sub gets for a push; 0 for none. */
async function statusOf({ functions: [only] }: LocalLoader, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`http://127.0.0.1:${only?.port}/${topic}`, { method: 'POST', headers, body }).then(
    ({ status }) => status,
    () => 0,
  )
}

/** A push of whatever this is. */
function pushOf(message: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ message, subscription })
}

let started: Awaited<ReturnType<typeof start>>
beforeAll(async () => {
  started = await start()
})
afterAll(() => started.stop())

test('an object that is loaded is acknowledged, and acknowledged again', async () => {
  const { loader, query } = started
  const body = pushBody(config, await land(loader, 'good'))
  expect(await statusOf(loader, body)).toBe(204)
  expect(await query('SELECT message FROM logs.ecs_good ORDER BY message')).toEqual(
    [1, 2, 3].map((n) => ({ message: `line ${n}` })),
  )
  expect(await statusOf(loader, body)).toBe(204)
  expect(await query('SELECT COUNT(*) AS n FROM logs.ecs_good')).toEqual([{ n: 3 }])
})

test('a message there is nothing to load for is acknowledged, on record', async () => {
  const { loader, query } = started
  const resource = await loader.land({ bucket, key: 'empty.log', etag: 'empty', body: '' })
  expect(await statusOf(loader, pushBody(config, resource, { messageId: 'empty' }))).toBe(204)
  const record = `SELECT outcome, reason FROM causeway.object_log WHERE message_id = 'empty'`
  expect(await query(record)).toEqual([{ outcome: 'ignored', reason: 'empty_object' }])
})

const data = Buffer.from('no notification').toString('base64')
const strange: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['data that is no notification', { data }],
  ['data that is no base64', { data: '%' }],
  ['no data', {}],
]

test.each(strange)('%s is refused, until it is a dead letter', async (what, message) => {
  const { loader, query } = started
  const messageId = what.replaceAll(' ', '-')
  const record = `SELECT outcome, reason FROM causeway.object_log WHERE message_id = '${messageId}'`
  expect(await statusOf(loader, pushOf({ ...message, messageId, attributes: {} }))).toBe(500)
  expect(await query(record)).toEqual([])
  expect(await statusOf(loader, pushOf({ ...message, messageId, attributes: deadLetter }))).toBe(204)
  expect(await query(record)).toEqual([{ outcome: 'quarantined', reason: 'not_a_notification' }])
})

test('an object that cannot be loaded is refused, until it is a dead letter', async () => {
  const { loader, query } = started
  const gone = { ...(await land(loader, 'gone')), generation: '1' }
  expect(await statusOf(loader, pushBody(config, gone, { messageId: 'gone' }))).toBe(500)
  expect(await statusOf(loader, pushBody(config, gone, { messageId: 'gone', deadLettered: true }))).toBe(204)
  const record = `SELECT outcome, reason FROM causeway.object_log WHERE message_id = 'gone'`
  expect(await query(record)).toEqual([{ outcome: 'missing', reason: 'object_missing' }])
})

test('a body that is no JSON is refused', async () => {
  expect(await statusOf(started.loader, '{')).toBeGreaterThanOrEqual(400)
})

test('nothing that was answered ended the process', () => {
  expect(started.loader.functions.map(({ restarts }) => restarts)).toEqual([0])
})

test('where Cloud Storage says to come again, the message is refused, and loaded by a later delivery', async () => {
  const rule = { service: 'gcs', kind: 'fail', probability: 0.5 } as const
  const { loader, query, stop } = await start({ seed: 1, rules: [{ ...rule, calls: ['objects.getMedia'] }] })
  onTestFinished(stop)
  const statuses: number[] = []
  for (let n = 0; n < 5; n++) {
    const body = pushBody(config, await land(loader, 'busy', `busy ${n}.log`), { messageId: `${n}` })
    do statuses.push(await statusOf(loader, body))
    while (statuses.at(-1) === 500)
  }
  expect(new Set(statuses)).toEqual(new Set([204, 500]))
  expect(await query('SELECT COUNT(*) AS n FROM logs.ecs_busy')).toEqual([{ n: 15 }])
  expect(loader.functions.map(({ restarts }) => restarts)).toEqual([0])
})

test('told to stop with a load under way, it ends that first', async () => {
  const rule = { service: 'bigquery', kind: 'delay', probability: 1, delayMs: 1_000 } as const
  const calls = ['CreateWriteStream', 'AppendRows', 'FlushRows']
  const { loader, query, stop } = await start({ seed: 1, rules: [{ ...rule, calls }] })
  onTestFinished(stop)
  const [only] = loader.functions
  const answered = statusOf(loader, pushBody(config, await land(loader, 'last')))
  await vi.waitUntil(() => loader.bigquery.calls()['AppendRows'], { timeout: 30_000, interval: 1 })
  const ended = only?.kill('SIGTERM')
  expect(await answered).toBe(204)
  expect(await ended).toBe(0)
  expect(await query('SELECT COUNT(*) AS n FROM logs.ecs_last')).toEqual([{ n: 3 }])
})
