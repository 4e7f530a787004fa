import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Storage } from '@google-cloud/storage'
import { expect, test, vi } from 'vitest'
import { GcsLedgerStore } from '../../functions/clients/gcs-ledger-store.ts'
import { LedgerStoreError } from '../../functions/commit/ledger-store.ts'
import { startGcs } from '../../scripts/local/gcs/gcs.ts'
import { seededRandom } from '../../scripts/random.ts'
import { LedgerServer } from '../../scripts/simulate/ledger-server.ts'
import { Process } from '../../scripts/simulate/process.ts'
import { thisRevision } from '../../scripts/simulate/revision.ts'
import { calm } from '../../scripts/simulate/weather.ts'
import { World } from '../../scripts/simulate/world.ts'
import { ledgerStoreContract } from './ledger-store-contract.ts'

async function startCloudStorage(faults?: Parameters<typeof startGcs>[0]['faults']) {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-ledger-'))
  const gcs = await startGcs({ directory, projectId: 'example-project', ...(faults && { faults }) })
  vi.stubEnv('STORAGE_EMULATOR_HOST', gcs.endpoint)
  const storage = new Storage({ projectId: 'example-project', retryOptions: { maxRetries: 10 } })
  await storage.createBucket('example-ledger')
  return {
    gcs,
    store: new GcsLedgerStore('example-project', 'example-ledger'),
    wait: <T>(call: Promise<T>) => call,
    stop: async () => {
      await gcs.stop()
      vi.unstubAllEnvs()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

ledgerStoreContract('Cloud Storage', startCloudStorage)

ledgerStoreContract('the simulation', async () => {
  const world = new World(seededRandom(1), { ...calm, slow: 0.2, slowMillis: 500 })
  const { errors } = await thisRevision()
  const store = new LedgerServer(world).clientFor(new Process('one'), errors)
  return {
    store,
    wait: async (call) => (await Promise.all([call, world.run(10_000)]))[0],
    stop: async () => undefined,
  }
})

test('a lost reply is an error that may be tried again, and the write is there', async () => {
  const rule = {
    service: 'gcs' as const,
    kind: 'drop-reply' as const,
    probability: 1,
    calls: ['objects.insert'],
  }
  const { gcs, store, stop } = await startCloudStorage({ seed: 1, rules: [{ ...rule, atMost: 1 }] })
  const lost = await store.create('claims/mine', 'mine').catch((error: unknown) => error)
  expect(lost).toBeInstanceOf(LedgerStoreError)
  expect(lost).toMatchObject({ retryable: true })
  expect(await store.create('claims/mine', 'mine')).toEqual({ kind: 'exists' })
  expect(await store.read('claims/mine')).toMatchObject({ body: 'mine' })
  // One request a call: the ledger pays for each.
  expect(gcs.calls()).toMatchObject({ 'objects.insert': 2, 'objects.getMedia': 1 })
  await stop()
})

test('a bucket that is not there is an error that trying again does not mend', async () => {
  const { stop } = await startCloudStorage()
  const store = new GcsLedgerStore('example-project', 'no-such-bucket')
  await expect(store.create('claims/x', 'x')).rejects.toMatchObject({ retryable: false })
  await stop()
})
