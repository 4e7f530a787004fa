import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { FaultPlanInput } from '../../scripts/local/faults.ts'
import { type GcsOptions, startGcs } from '../../scripts/local/gcs/gcs.ts'
import { client, openBench, uploadMedia } from './gcs-bench.ts'
import { gcsContract } from './gcs-contract.ts'
import { startPublisher } from './gcs-publisher.ts'

async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-gcs-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

async function start(options: Partial<GcsOptions> = {}) {
  const gcs = await startGcs({ directory: await emptyDirectory(), projectId: 'causeway', ...options })
  onTestFinished(() => gcs.stop())
  return gcs
}

const plan = (
  ...rules: Omit<FaultPlanInput['rules'][number], 'service' | 'probability'>[]
): FaultPlanInput => ({
  seed: 1,
  rules: rules.map((rule) => ({ service: 'gcs', probability: 1, ...rule })),
})

const createOnly = { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } } as const

/** The service in a process of its own, which can be killed. */
async function spawnGcs(directory: string): Promise<{ child: ChildProcess; endpoint: string }> {
  const program = `
    import { startGcs } from ${JSON.stringify(new URL('../../scripts/local/gcs/gcs.ts', import.meta.url).href)}
    const gcs = await startGcs({ directory: ${JSON.stringify(directory)}, projectId: 'causeway' })
    console.log(gcs.endpoint)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [endpoint] = await once(createInterface(child.stdout), 'line')
  return { child, endpoint: String(endpoint) }
}

describe('the stand-in keeps the contract', () => {
  gcsContract((options) => start(options))
})

test('what is acknowledged survives kill -9, and its notifications are still owed', async () => {
  const directory = await emptyDirectory()
  const { child, endpoint } = await spawnGcs(directory)
  const [bucket] = await client(endpoint).createBucket('landing')
  await bucket.createNotification('projects/p/topics/t')
  await bucket.file('a').save('kept', { resumable: false })
  const [before] = await bucket.file('a').getMetadata()
  const [uri] = await bucket.file('b').createResumableUpload()
  const half = new Uint8Array(256 * 1024)
  const range = (value: string) => ({ method: 'PUT', headers: { 'content-range': value } })
  await fetch(uri, { ...range(`bytes 0-${half.length - 1}/*`), body: half })
  child.kill('SIGKILL')
  await once(child, 'exit')

  const publisher = await startPublisher()
  const gcs = await start({ directory, pubsubEndpoint: publisher.endpoint })
  const survivor = client(gcs.endpoint).bucket('landing')
  expect((await survivor.file('a').download())[0].toString()).toBe('kept')
  expect((await survivor.file('a').getMetadata())[0]).toMatchObject({
    generation: before.generation,
    etag: before.etag,
  })
  const session = gcs.endpoint + uri.slice(endpoint.length)
  expect((await fetch(session, range('bytes */*'))).headers.get('range')).toBe(`bytes=0-${half.length - 1}`)
  expect(
    (await fetch(session, { ...range(`bytes ${half.length}-${half.length}/*`), body: 'x' })).status,
  ).toBe(400)
  await vi.waitFor(() => expect(publisher.published).toHaveLength(1), { timeout: 10_000 })
  expect(publisher.published[0]?.attributes).toMatchObject({
    objectId: 'a',
    objectGeneration: before.generation,
  })
})

test('what has been published is not owed after a restart', async () => {
  const directory = await emptyDirectory()
  const before = await startPublisher()
  const first = await start({ directory, pubsubEndpoint: before.endpoint })
  const [bucket] = await client(first.endpoint).createBucket('landing')
  await bucket.createNotification('projects/p/topics/t')
  await bucket.file('a').save('x', { resumable: false })
  await vi.waitFor(() => expect(before.published).toHaveLength(1), { timeout: 10_000 })
  await first.stop()

  const after = await startPublisher()
  const second = await start({ directory, pubsubEndpoint: after.endpoint })
  await client(second.endpoint).bucket('landing').file('b').save('x', { resumable: false })
  await vi.waitFor(() => expect(after.published).not.toHaveLength(0), { timeout: 10_000 })
  expect(after.published.map(({ attributes }) => attributes['objectId'])).toEqual(['b'])
})

test('a generation never repeats, even when the clock stands still across a restart', async () => {
  const directory = await emptyDirectory()
  const clock = () => new Date('2026-11-21T00:00:00Z')
  const seen = new Set<string>()
  for (let run = 0; run < 2; run += 1) {
    const gcs = await start({ directory, clock })
    const storage = client(gcs.endpoint)
    if (run === 0) await storage.createBucket('landing')
    for (const content of ['a', 'b']) {
      const file = storage.bucket('landing').file('x')
      await file.save(content, { resumable: false })
      seen.add(String((await file.getMetadata())[0].generation))
    }
    await gcs.stop()
  }
  expect(seen.size).toBe(4)
  expect(await readdir(join(directory, 'objects'))).toHaveLength(1)
})

test('after a lost reply the retry meets 412, and reading shows the own write', async () => {
  const faults = plan({ kind: 'drop-reply', calls: ['objects.insert'], atMost: 1 })
  const { bucket } = await openBench((options) => start({ ...options, faults }))
  const file = bucket.file('groups/1')
  await expect(file.save('mine', createOnly)).rejects.not.toHaveProperty('code', 412)
  await expect(file.save('mine', createOnly)).rejects.toMatchObject({ code: 412 })
  expect((await file.download())[0].toString()).toBe('mine')
})

test('a failed call has no effect and says backendError; the client recovers by itself', async () => {
  const faults = plan({ kind: 'fail', calls: ['objects.insert'], atMost: 2 })
  const { bucket, endpoint } = await openBench((options) => start({ ...options, faults }))
  const failed = await uploadMedia(endpoint, { name: 'a' })
  expect(await failed.json()).toMatchObject({ error: { code: 503, errors: [{ reason: 'backendError' }] } })
  expect(await bucket.file('a').exists()).toEqual([false])
  await expect(bucket.file('a').save('x', createOnly)).rejects.toMatchObject({ code: 503 })
  await bucket.file('a').save('x', createOnly)
})

test('a notification is published again after a failure, and twice under the duplicate fault', async () => {
  const { endpoint, published } = await startPublisher()
  const faults = plan(
    { kind: 'fail', calls: ['publish'], atMost: 3 },
    { kind: 'duplicate', calls: ['publish'] },
  )
  const { bucket } = await openBench((options) => start({ ...options, faults }), endpoint)
  await bucket.createNotification('projects/p/topics/t')
  await bucket.file('a').save('x', { resumable: false })
  await vi.waitFor(() => expect(published).toHaveLength(2), { timeout: 10_000 })
  const [first, second] = published
  expect(first?.attributes).toEqual(second?.attributes)
  expect(first?.messageId).not.toBe(second?.messageId)
})

test('calls are counted by the names of the API, an upload once however it comes', async () => {
  const gcs = await start()
  const storage = client(gcs.endpoint)
  const [bucket] = await storage.createBucket('landing')
  const file = bucket.file('a')
  await file.save(Buffer.alloc(600_000), { resumable: true, chunkSize: 256 * 1024 })
  await file.getMetadata()
  await file.download()
  await bucket.getFiles()
  await file.setMetadata({ cacheControl: 'none' })
  await file.copy('b')
  await file.delete()
  expect(gcs.calls()).toEqual({
    'buckets.insert': 1,
    'objects.delete': 1,
    'objects.get': 1,
    'objects.getMedia': 1,
    'objects.insert': 1,
    'objects.list': 1,
    'objects.patch': 1,
    'objects.rewrite': 1,
  })
})

test('the environment alone points the official client here', async () => {
  const gcs = await start()
  await client(gcs.endpoint).createBucket('landing')
  const program = `
    import { Storage } from '@google-cloud/storage'
    const bucket = new Storage().bucket('landing')
    await bucket.file('a b/c').save('small', { resumable: false })
    await bucket.file('d').save('long', { resumable: true })
    await bucket.file('a b/c').copy(bucket.file('e'))
    const [files] = await bucket.getFiles()
    const contents = await Promise.all(files.map((file) => file.download()))
    console.log(JSON.stringify(files.map((file, index) => [file.name, contents[index].toString()])))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: new URL('.', import.meta.url),
    env: { ...gcs.environment, HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  expect(JSON.parse(line)).toEqual([
    ['a b/c', 'small'],
    ['d', 'long'],
    ['e', 'small'],
  ])
})

test('a port in use is named', async () => {
  const gcs = await start()
  const port = Number(new URL(gcs.endpoint).port)
  await expect(start({ port })).rejects.toThrow(
    `port ${port} is in use (Cloud Storage): stop what uses it or choose another`,
  )
})
