import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BigQuery } from '@google-cloud/bigquery'
import { Storage } from '@google-cloud/storage'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { GrpcWriteApi } from '../../functions/clients/write-client.ts'
import { rowDescriptor } from '../../functions/split/encode/descriptor.ts'
import { startBigQuery } from '../../scripts/local/bigquery/start.ts'
import { startGcs } from '../../scripts/local/gcs/gcs.ts'
import { Access } from '../../scripts/local/permissions/access.ts'

const projectId = 'example-project'
const account = 'somebody@example-project.iam.gserviceaccount.com'
afterEach(() => {
  vi.unstubAllEnvs()
})

async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'causeway-permissions-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** A bucket `box` by an operator's client, and by that of one with these permissions on it. */
async function box(...permissions: string[]) {
  const caller = new Access(account, [{ on: 'buckets/box', permissions }])
  const gcs = await startGcs({ directory: await emptyDirectory(), projectId, callers: [caller] })
  onTestFinished(() => gcs.stop())
  const bucketAt = (apiEndpoint: string) => new Storage({ projectId, apiEndpoint }).bucket('box')
  const mine = bucketAt(gcs.endpoint)
  await mine.create()
  return { mine, theirs: bucketAt(gcs.endpointOf(caller)), caller }
}

const save = { resumable: false } as const

test('Cloud Storage refuses what is not granted, and an operator nothing', async () => {
  const { mine, theirs, caller } = await box('storage.objects.create')
  await theirs.file('new').save('1', save)
  const denied = {
    code: 403,
    message: expect.stringContaining(`${account} does not have storage.objects.get`),
  }
  await expect(theirs.file('new').getMetadata()).rejects.toMatchObject(denied)
  await expect(theirs.file('new').download()).rejects.toMatchObject(denied)
  expect((await mine.file('new').download()).toString()).toBe('1')
  expect(caller.refused()).toEqual(['buckets/box storage.objects.get'])
})

test('to write over an object takes the right to delete it; to write what must not be there does not', async () => {
  const { mine, theirs } = await box('storage.objects.create')
  await mine.file('there').save('1', save)
  await expect(theirs.file('there').save('2', save)).rejects.toMatchObject({ code: 403 })
  const once = { ...save, preconditionOpts: { ifGenerationMatch: 0 } }
  await expect(theirs.file('there').save('2', once)).rejects.toMatchObject({ code: 412 })
  await theirs.file('new').save('1', once)
  const { theirs: more } = await box('storage.objects.create', 'storage.objects.delete')
  await more.file('twice').save('1', save)
  await more.file('twice').save('2', save)
})

test.each([
  [403, ['storage.objects.get']],
  [404, ['storage.objects.get', 'storage.objects.list']],
])('an object that is not there answers %i to one who has %j', async (code, permissions) => {
  const { theirs } = await box(...permissions)
  await expect(theirs.file('gone').download()).rejects.toMatchObject({ code })
  await expect(theirs.file('gone').getMetadata()).rejects.toMatchObject({ code })
})

test('BigQuery refuses what is not granted, by REST and by the Storage Write API, and an operator nothing', async () => {
  const caller = new Access(account, [{ on: 'datasets/logs', permissions: ['bigquery.tables.get'] }])
  const bigquery = await startBigQuery({ directory: await emptyDirectory(), projectId, callers: [caller] })
  onTestFinished(() => bigquery.stop())
  const clientBy = (environment: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    return new BigQuery({ projectId })
  }
  const mine = clientBy(bigquery.environment)
  await mine.createDataset('logs')
  await mine.dataset('logs').createTable('web', { schema: 'app:STRING' })
  const environment = bigquery.environmentOf(caller)
  const theirs = clientBy(environment)
  const web = theirs.dataset('logs').table('web')
  expect(await web.exists()).toEqual([true])
  const denied = (message: string) => ({
    code: 403,
    message,
    errors: [{ message, domain: 'global', reason: 'accessDenied' }],
  })
  await expect(web.setMetadata({ schema: 'app:STRING,n:INT64' })).rejects.toMatchObject(
    denied(
      'Access Denied: Table example-project:logs.web: Permission bigquery.tables.update denied on table example-project:logs.web (or it may not exist).',
    ),
  )
  await expect(theirs.dataset('logs').createTable('other', {})).rejects.toMatchObject({ code: 403 })
  await expect(theirs.query('SELECT 1')).rejects.toMatchObject({ code: 403 })

  const api = await GrpcWriteApi.connect(projectId, environment['CAUSEWAY_BIGQUERY_WRITE_ENDPOINT'])
  onTestFinished(() => api.close())
  const table = { dataset: 'logs', name: 'web' }
  const refusal = {
    code: 7,
    message: expect.stringContaining(
      "Permission 'TABLES_UPDATE_DATA' denied on resource 'projects/example-project/datasets/logs/tables/web'",
    ),
  }
  await expect(api.createStream(table)).rejects.toMatchObject(refusal)
  const connection = api.open(api.defaultStream(table), rowDescriptor([]))
  expect(await connection.append([Buffer.alloc(0)], undefined)).toMatchObject({ kind: 'lost', ...refusal })
  const [rows] = await mine.query('SELECT 1 AS one')
  expect(rows).toEqual([{ one: 1 }])
})
