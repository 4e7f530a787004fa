import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import config from '../../bridge.config.ts'
import { bridgeNames } from '../../functions/config/names.ts'
import type { FaultPlanInput } from '../../scripts/local/faults.ts'
import { push, pushBody } from '../../scripts/local/function/push-notification.ts'
import { startLocalLoader } from '../../scripts/local/loader.ts'
import type { Backlog } from '../../scripts/local/pubsub/deliveries.ts'
import { StateDirectory } from '../../scripts/local/state-directory.ts'
import { seededRandom } from '../../scripts/random.ts'
import { expectLoadedOnce } from './loaded-once.ts'
import { connect, startTestBridge, type TestBridge } from './local-bridge.ts'
import { traffic } from './traffic.ts'

const bucket = config.sources.find(({ name }) => name === 'ecs')?.bucket ?? ''
const writes = ['CreateWriteStream', 'AppendRows', 'FinalizeWriteStream', 'BatchCommitWriteStreams']

/** Every delivery that can come twice does now and then, and replies get lost. */
const faults = (seed: number): FaultPlanInput => ({
  seed,
  rules: [
    { service: 's3', kind: 'duplicate', probability: 0.1 },
    { service: 'storage-transfer', kind: 'duplicate', probability: 0.05 },
    { service: 'gcs', kind: 'duplicate', probability: 0.1, calls: ['publish'] },
    { service: 'gcs', kind: 'reorder', probability: 0.2, calls: ['publish'] },
    { service: 'pubsub', kind: 'duplicate', probability: 0.1, calls: ['push'] },
    { service: 'bigquery', kind: 'drop-reply', probability: 0.05, calls: writes },
    { service: 'gcs', kind: 'drop-reply', probability: 0.05, calls: ['objects.insert', 'objects.getMedia'] },
  ],
})

afterEach(() => {
  vi.unstubAllEnvs()
})

test('killed at any moment, under duplicates and lost replies, it loads every line once', async () => {
  // To see a failure again, put its seed here.
  const seed = randomInt(2 ** 31)
  console.info(`seed ${seed}`)
  const random = seededRandom(seed)
  const [kills, perKill] = [5, 60]
  const objects = traffic(seed, perKill * kills)
  const local = await bridgeUnderFaults(faults(seed))
  let killed: number | undefined
  for (let kill = 0; kill < kills; kill++) {
    const before = local.bridge.bigquery.rowsAppended()
    const uploads = objects.slice(perKill * kill, perKill * (kill + 1))
    await Promise.all(uploads.map(({ key, body }) => local.put(bucket, key, body)))
    // Somewhere within these uploads, and then anywhere between two instructions.
    const rows = before + Math.floor(random() * 500)
    await vi.waitUntil(() => local.bridge.bigquery.rowsAppended() >= rows, { timeout: 60_000, interval: 1 })
    await wait(random() * 100)
    // One that was killed is gone for some tenths of a second: there must be one to kill.
    await vi.waitUntil(() => local.bridge.function.pid !== killed, { timeout: 60_000, interval: 1 })
    killed = local.bridge.function.pid
    await local.bridge.function.kill()
  }
  await allAcknowledged(local, objects.length)
  expect(local.bridge.function.restarts).toBe(kills)
  await expectLoadedOnce(local.query, bucket, objects)
}, 240_000)

test('told to stop in the middle, it ends within 10 s, and nothing is lost or doubled', async () => {
  const objects = traffic(1, 80)
  const local = await bridgeUnderFaults({
    seed: 1,
    rules: [{ service: 'bigquery', kind: 'delay', probability: 1, delayMs: 50, calls: writes }],
  })
  await Promise.all(objects.map(({ key, body }) => local.put(bucket, key, body)))
  await vi.waitUntil(() => local.bridge.bigquery.rowsAppended() > 0, { timeout: 60_000, interval: 1 })
  const stoppedAt = performance.now()
  expect(await local.bridge.function.kill('SIGTERM')).toBe(0)
  expect(performance.now() - stoppedAt).toBeLessThan(10_000)
  await allAcknowledged(local, objects.length)
  await expectLoadedOnce(local.query, bucket, objects)
}, 180_000)

test('announced 50 times at once to three instances, an object loads once', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-instances-'))
  const loader = await startLocalLoader({
    bridge: config,
    state: new StateDirectory(directory),
    instances: 3,
  })
  onTestFinished(async () => {
    await loader.stop()
    await rm(directory, { recursive: true, force: true })
  })
  const [object] = traffic(2, 1)
  if (!object) throw new Error('no object')
  const resource = await loader.land({ bucket, key: object.key, etag: 'one', body: object.body })
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const body = pushBody(config, resource, { messageId: String(n) })
      const { port = 0 } = loader.functions[n % 3] ?? {}
      await vi.waitUntil(() => push(config, port, body), { timeout: 60_000, interval: 100 })
    }),
  )
  const { query, s3 } = connect(config, loader.environment)
  s3.destroy()
  await expectLoadedOnce(query, bucket, [object])
}, 180_000)

async function bridgeUnderFaults(plan: FaultPlanInput): Promise<TestBridge> {
  const local = await startTestBridge(config, { faults: plan })
  onTestFinished(() => local.stop())
  return local
}

/** Waits until every object is on record and no message of any is left, duplicates included. */
async function allAcknowledged({ bridge, query }: TestBridge, objects: number): Promise<void> {
  const { subscription, deadLetterRecord } = bridgeNames(config)
  const count = `SELECT COUNT(*) AS n FROM causeway.objects WHERE outcome = 'committed'`
  let last = {}
  await vi
    .waitUntil(
      async () => {
        const [row] = await query(count).catch(() => [])
        const [loading, record] = [subscription, deadLetterRecord].map((name) => bridge.pubsub.backlog(name))
        last = { committed: row?.['n'], loading, record }
        return row?.['n'] === objects && [loading, record].every((backlog) => backlog && isIdle(backlog))
      },
      { timeout: 120_000, interval: 100 },
    )
    .catch((error: unknown) => {
      throw new Error(`of ${objects} objects: ${JSON.stringify(last)}`, { cause: error })
    })
}

function isIdle({ undelivered, outstanding }: Backlog): boolean {
  return undelivered + outstanding === 0
}
