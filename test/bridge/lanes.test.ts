import { PubSub } from '@google-cloud/pubsub'
import { type File, Storage } from '@google-cloud/storage'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import config from '../../bridge.config.ts'
import { lanesOf } from '../../cdktf/google/lanes.ts'
import { bridgeNames } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import type { FaultPlanInput } from '../../scripts/local/faults.ts'
import { provision } from '../../scripts/local/provision.ts'
import { expectLoadedOnce } from './loaded-once.ts'
import { startTestBridge, type TestBridge } from './local-bridge.ts'
import { traffic } from './traffic.ts'

const bucket = config.sources.find(({ name }) => name === 'ecs')?.bucket ?? ''

/** This project's bridge with these lanes, and its container logs in one of them. */
function planned(lane: string, lanes: readonly string[] = ['bulk', 'slow']): Bridge {
  const capacities = Object.fromEntries(lanes.map((name) => [name, config.google.function]))
  return {
    ...config,
    google: { ...config.google, lanes: capacities },
    sources: config.sources.map((source) => (source.name === 'ecs' ? { ...source, lane } : source)),
  }
}

/** What names of a lane's copies begin with. */
const pathOf = (lane: string) => (lane === 'live' ? 's3/' : `s3/lane=${lane}/`)

/** The copies of the source in the path of a lane. */
async function copiesIn(lane: string): Promise<File[]> {
  const landing = new Storage({ projectId: config.google.project }).bucket(config.google.landingBucket)
  return (await landing.getFiles({ prefix: `${pathOf(lane)}${bucket}/` }))[0]
}

const faults: FaultPlanInput = {
  seed: 1,
  rules: [
    { service: 's3', kind: 'duplicate', probability: 0.1 },
    { service: 'storage-transfer', kind: 'duplicate', probability: 0.1, calls: ['COPY'] },
    { service: 'gcs', kind: 'reorder', probability: 0.2, calls: ['publish'] },
    { service: 'pubsub', kind: 'duplicate', probability: 0.1, calls: ['push'] },
  ],
}

afterEach(() => {
  vi.unstubAllEnvs()
})

test('a source that moves between lanes while it is loaded loses no line and repeats none', async () => {
  const local = await started('live')
  const lanes = ['live', 'bulk', 'slow', 'live']
  const objects = traffic(1, 40 * lanes.length)
  for (const [step, lane] of lanes.entries()) {
    const uploads = objects
      .slice(40 * step, 40 * (step + 1))
      .map(({ key, body }) => local.put(bucket, key, body))
    await Promise.all(uploads.slice(0, 20))
    await deploy(local, planned(lane))
    // The same objects again: where they landed before, or in another lane.
    await Promise.all(objects.slice(0, 5).map(({ key, body }) => local.put(bucket, key, body)))
    await Promise.all(uploads)
    await vi.waitUntil(async () => (await copiesIn(lane)).length > 0, { timeout: 60_000, interval: 50 })
  }
  await allLoaded(local, objects.length)
  await expectLoadedOnce(local.query, bucket, objects)
  const landed = await local.query('SELECT DISTINCT landing_uri FROM causeway.object_log')
  for (const lane of new Set(lanes)) {
    const path = `gs://${config.google.landingBucket}/${pathOf(lane)}${bucket}/`
    expect(landed.filter(({ landing_uri }) => String(landing_uri).startsWith(path))).not.toEqual([])
  }
}, 240_000)

test('copies of a lane that was removed too early load once they are moved to the live one', async () => {
  const local = await started('slow')
  const objects = traffic(2, 20)
  const [early, late] = [objects.slice(0, 10), objects.slice(10)]
  await Promise.all(early.map(({ key, body }) => local.put(bucket, key, body)))
  await allLoaded(local, early.length)
  const pubsub = new PubSub({ projectId: config.google.project })
  await pubsub.subscription(bridgeNames(config, 'slow').subscription).delete()
  await pubsub.close()
  await Promise.all(late.map(({ key, body }) => local.put(bucket, key, body)))
  await vi.waitUntil(async () => (await copiesIn('slow')).length === objects.length, {
    timeout: 60_000,
    interval: 100,
  })

  const without = planned('live', [])
  await deploy(local, without)
  for (const copy of await copiesIn('slow'))
    await copy.move(copy.name.replace(pathOf('slow'), pathOf('live')))
  await allLoaded(local, objects.length, without)
  await expectLoadedOnce(local.query, bucket, objects)
}, 120_000)

async function started(lane: string): Promise<TestBridge> {
  const local = await startTestBridge(planned(lane), { faults })
  onTestFinished(() => local.stop())
  return local
}

/** Has what runs as the configuration says, as a deployment would. */
async function deploy({ bridge }: TestBridge, wanted: Bridge): Promise<void> {
  const { environment } = bridge
  await provision(wanted, {
    gcsEndpoint: environment['STORAGE_EMULATOR_HOST'] ?? '',
    pubsubEndpoint: environment['PUBSUB_EMULATOR_HOST'] ?? '',
    transferEndpoint: environment['CAUSEWAY_STORAGE_TRANSFER_ENDPOINT'] ?? '',
    iamEndpoint: environment['AWS_ENDPOINT_URL_IAM'] ?? '',
    functionPort: bridge.function.port,
  })
}

/** Waits until every object is on record and no lane has a message left. */
async function allLoaded(
  { bridge, query }: TestBridge,
  objects: number,
  of = planned('live'),
): Promise<void> {
  const committed = `SELECT COUNT(*) AS n FROM causeway.objects WHERE outcome = 'committed'`
  await vi.waitFor(
    async () => {
      expect(await query(committed)).toEqual([{ n: objects }])
      for (const { name } of lanesOf(of)) {
        const { undelivered, outstanding } = bridge.pubsub.backlog(bridgeNames(config, name).subscription)
        expect([name, undelivered, outstanding]).toEqual([name, 0, 0])
      }
    },
    { timeout: 60_000, interval: 200 },
  )
}
