import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type Bucket, Storage } from '@google-cloud/storage'
import { protos, StorageTransferServiceClient } from '@google-cloud/storage-transfer'
import { credentials, status } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startAws } from '../../scripts/local/aws/server.ts'
import type { FaultPlanInput } from '../../scripts/local/faults.ts'
import { startGcs } from '../../scripts/local/gcs/gcs.ts'
import type { LocalService } from '../../scripts/local/service.ts'
import { CopyLog, type CopyRecord, readCopyLog } from '../../scripts/local/transfer/copy-log.ts'
import { startStorageTransfer } from '../../scripts/local/transfer/server.ts'

type Job = protos.google.storagetransfer.v1.ITransferJob
type Rule = FaultPlanInput['rules'][number]

const projectId = 'test-project'
const sourceBucket = 'source-logs'
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:events'
const started: { stop(): Promise<unknown> }[] = []
let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'transfer-'))
})
afterEach(async () => {
  for (const each of started.splice(0).reverse()) await each.stop()
  await rm(directory, { recursive: true })
})

interface Clouds {
  readonly s3: S3Client
  readonly sqs: SQSClient
  readonly queueUrl: string
  readonly landing: Bucket
  readonly remotes: Pick<Parameters<typeof startStorageTransfer>[0], 'aws' | 'gcs'>
}

/** A bucket in S3 whose uploads go to a queue, and an empty landing bucket. */
async function startClouds(faults: Rule[] = []): Promise<Clouds> {
  const plan = { seed: 1, rules: faults }
  const aws = await startAws({
    directory: join(directory, 'aws'),
    faults: plan,
    notifications: [{ bucket: sourceBucket, queue: 'events' }],
  })
  const gcs = await startGcs({ directory: join(directory, 'gcs'), projectId, faults: plan })
  const address = aws.s3.environment['AWS_ENDPOINT_URL_S3'] ?? ''
  const key = { accessKeyId: 'test', secretAccessKey: 'test' }
  const s3 = new S3Client({ endpoint: address, region: 'us-east-1', forcePathStyle: true, credentials: key })
  const sqs = new SQSClient({ endpoint: address, region: 'us-east-1', credentials: key })
  started.push(aws, gcs, { stop: async () => s3.destroy() }, { stop: async () => sqs.destroy() })
  const [landing] = await new Storage({ apiEndpoint: gcs.endpoint, projectId }).createBucket('landing')
  return {
    s3,
    sqs,
    queueUrl: `${address}/000000000000/events`,
    landing,
    remotes: {
      aws: { s3Endpoint: address, sqsEndpoint: address, region: 'us-east-1', ...key },
      gcs: { endpoint: gcs.endpoint, projectId },
    },
  }
}

async function startTransfer({ remotes }: Pick<Clouds, 'remotes'>, faults: Rule[] = []) {
  const service = await startStorageTransfer({
    directory: join(directory, 'transfer'),
    faults: { seed: 1, rules: faults },
    ...remotes,
  })
  const client = connectTo(service)
  started.push(service, { stop: () => client.close() })
  return { service, client }
}

/** What an operation says of itself, with enums and 64-bit counts as text. */
async function progress(client: StorageTransferServiceClient, operationName: string) {
  const [{ done, metadata }] = await client.getOperation(
    new protos.google.longrunning.GetOperationRequest({ name: operationName }),
  )
  const { TransferOperation } = protos.google.storagetransfer.v1
  const operation = TransferOperation.decode(Buffer.from(metadata?.value ?? ''))
  return { done, ...TransferOperation.toObject(operation, { enums: String, longs: String }) }
}

function connectTo(service: LocalService): StorageTransferServiceClient {
  const address = service.environment['CAUSEWAY_STORAGE_TRANSFER_ENDPOINT'] ?? ''
  const [servicePath = '', port = ''] = address.split(':')
  return new StorageTransferServiceClient({
    servicePath,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    projectId,
  })
}

function job(changes: Job = {}): Job {
  return {
    name: 'transferJobs/causeway-alb',
    projectId,
    status: 'ENABLED',
    transferSpec: {
      awsS3DataSource: { bucketName: sourceBucket, roleArn: 'arn:aws:iam::000000000000:role/sts' },
      gcsDataSink: { bucketName: 'landing', path: `s3/${sourceBucket}/` },
      transferOptions: {
        metadataOptions: { timeCreated: 'TIME_CREATED_PRESERVE_AS_CUSTOM_TIME' },
      },
    },
    ...changes,
  }
}

const eventJob = () => job({ eventStream: { name: queueArn } })

async function until<Value>(look: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const value = await look()
    if (holds(value)) return value
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)} after 15 s`)
    await wait(20)
  }
}

async function copyLog(): Promise<CopyRecord[]> {
  return Array.fromAsync(readCopyLog(join(directory, 'transfer')))
}

async function messagesLeft({ sqs, queueUrl }: Clouds): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  )
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes
  return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible)
}

const queueEmpty = (clouds: Clouds) =>
  until(
    () => messagesLeft(clouds),
    (left) => left === 0,
  )

async function put({ s3 }: Clouds, Key: string, Body: string | Buffer) {
  const uploaded = await s3.send(
    new PutObjectCommand({
      Bucket: sourceBucket,
      Key,
      Body,
      ContentType: 'text/x-log',
      ContentEncoding: 'gzip',
      CacheControl: 'no-store',
      Metadata: { team: 'edge' },
    }),
  )
  return uploaded.ETag?.replaceAll('"', '') ?? ''
}

async function names({ landing }: Clouds): Promise<string[]> {
  const [files] = await landing.getFiles()
  return files.map((file) => file.name)
}

describe('event-driven job', () => {
  test('copies what is uploaded, with the metadata the service leaves', async () => {
    const clouds = await startClouds()
    const { client } = await startTransfer(clouds)
    await client.createTransferJob({ transferJob: eventJob() })
    const key = 'AWSLogs/a b+c%20d/día.log.gz'
    const etag = await put(clouds, key, 'hello')
    await queueEmpty(clouds)
    const file = clouds.landing.file(`s3/${sourceBucket}/${key}`)
    const [content] = await file.download()
    const [metadata] = await file.getMetadata()
    expect(content.toString()).toBe('hello')
    expect(metadata).toMatchObject({
      contentType: 'text/x-log',
      cacheControl: 'no-store',
      metadata: { team: 'edge', 'x-goog-source-etag': etag },
    })
    expect(metadata.contentEncoding).toBeUndefined()
    expect(Math.abs(Date.now() - Date.parse(metadata.customTime ?? ''))).toBeLessThan(60_000)
    const [record] = await copyLog()
    expect(record).toMatchObject({
      source: `s3://${sourceBucket}/${key}`,
      destination: `gs://landing/s3/${sourceBucket}/${key}`,
      etag,
      bytes: 5,
      outcome: 'copied',
    })
    const times = [record?.uploadedAt, record?.eventReceivedAt, record?.copiedAt].map((at) =>
      Date.parse(at ?? ''),
    )
    expect(times.toSorted((a, b) => a - b)).toEqual(times)
  })

  test('copies a large object whole', async () => {
    const clouds = await startClouds()
    const { client } = await startTransfer(clouds)
    await client.createTransferJob({ transferJob: eventJob() })
    const body = Buffer.alloc(20_000_000, 'a line of a log\n')
    await put(clouds, 'big', body)
    await queueEmpty(clouds)
    const [content] = await clouds.landing.file(`s3/${sourceBucket}/big`).download()
    expect(content.equals(body)).toBe(true)
  })

  test('leaves out what the job does not take, and skips what is there', async () => {
    const clouds = await startClouds()
    const { client } = await startTransfer(clouds)
    const spec = job().transferSpec ?? {}
    const objectConditions = { includePrefixes: ['in/'], excludePrefixes: ['in/not/'] }
    await client.createTransferJob({
      transferJob: { ...eventJob(), transferSpec: { ...spec, objectConditions } },
    })
    for (const key of ['in/1', 'in/not/2', 'out/3']) await put(clouds, key, key)
    await queueEmpty(clouds)
    await put(clouds, 'in/1', 'in/1')
    await queueEmpty(clouds)
    expect(await names(clouds)).toEqual([`s3/${sourceBucket}/in/1`])
    expect((await copyLog()).map((record) => record.outcome)).toEqual(['copied', 'skipped'])
    await put(clouds, 'in/1', 'something else')
    await queueEmpty(clouds)
    const [content] = await clouds.landing.file(`s3/${sourceBucket}/in/1`).download()
    expect(content.toString()).toBe('something else')
  })

  test('an object that is gone fails for good, and a message that is no event is passed over', async () => {
    const clouds = await startClouds()
    await put(clouds, 'gone', 'x')
    await clouds.s3.send(new DeleteObjectCommand({ Bucket: sourceBucket, Key: 'gone' }))
    await clouds.sqs.send(new SendMessageCommand({ QueueUrl: clouds.queueUrl, MessageBody: 'not an event' }))
    const { client, service } = await startTransfer(clouds)
    const [created] = await client.createTransferJob({ transferJob: eventJob() })
    await queueEmpty(clouds)
    expect(await copyLog()).toMatchObject([{ source: `s3://${sourceBucket}/gone`, outcome: 'failed' }])
    expect(service.calls()).toMatchObject({ unknownMessage: 1 })
    const [found] = await client.getTransferJob({ jobName: created.name ?? '', projectId })
    expect(await progress(client, found.latestOperationName ?? '')).toMatchObject({
      counters: { objectsFromSourceFailed: '1' },
      errorBreakdowns: [{ errorCode: 'NOT_FOUND', errorCount: '1' }],
    })
  })

  test('a copy that fails comes back, and one reported twice makes two generations', async () => {
    const clouds = await startClouds()
    const { client, service } = await startTransfer(clouds, [
      { service: 'storage-transfer', kind: 'fail', probability: 1, calls: ['COPY'], atMost: 1 },
      { service: 'storage-transfer', kind: 'duplicate', probability: 1, calls: ['COPY'] },
    ])
    await client.createTransferJob({ transferJob: eventJob() })
    await put(clouds, 'twice', 'x')
    await queueEmpty(clouds)
    expect((await copyLog()).map((record) => record.outcome)).toEqual(['copied', 'copied'])
    expect(service.calls()).toMatchObject({ messageReturned: 1 })
  })

  test('every object arrives although S3, SQS and Cloud Storage fail and lose replies', async () => {
    const clouds = await startClouds([
      { service: 'sqs', kind: 'fail', probability: 0.05 },
      { service: 'sqs', kind: 'drop-reply', probability: 0.1, calls: ['DeleteMessage'] },
      { service: 's3', kind: 'fail', probability: 0.1, calls: ['GetObject'] },
      { service: 's3', kind: 'duplicate', probability: 0.3 },
      { service: 'gcs', kind: 'drop-reply', probability: 0.1, calls: ['objects.insert', 'objects.get'] },
      {
        service: 'gcs',
        kind: 'fail',
        probability: 0.1,
        calls: ['objects.insert', 'objects.get'],
      },
    ])
    const { client } = await startTransfer(clouds)
    await client.createTransferJob({ transferJob: eventJob() })
    const keys = Array.from({ length: 40 }, (_, n) => `log-${String(n).padStart(2, '0')}`)
    await Promise.all(keys.map((key) => put(clouds, key, key)))
    const expected = keys.map((key) => `s3/${sourceBucket}/${key}`)
    await until(
      async () => (await names(clouds)).length,
      (count) => count === keys.length,
    )
    expect(await names(clouds)).toEqual(expected)
  })

  test('goes on in the next process, and stops when disabled', async () => {
    const clouds = await startClouds()
    const first = await startTransfer(clouds)
    await first.client.createTransferJob({ transferJob: eventJob() })
    await put(clouds, 'before', 'x')
    await queueEmpty(clouds)
    await first.service.stop()
    await put(clouds, 'meanwhile', 'x')
    const { client } = await startTransfer(clouds)
    await queueEmpty(clouds)
    expect(await names(clouds)).toEqual([`s3/${sourceBucket}/before`, `s3/${sourceBucket}/meanwhile`])
    const [disabled] = await client.updateTransferJob({
      jobName: 'transferJobs/causeway-alb',
      projectId,
      transferJob: { status: 'DISABLED' },
      updateTransferJobFieldMask: { paths: ['status'] },
    })
    const done = await until(
      () => progress(client, disabled.latestOperationName ?? ''),
      (operation) => operation.done === true,
    )
    expect(done).toMatchObject({ status: 'SUCCESS', counters: { objectsCopiedToSink: '2' } })
  })
})

describe('batch job', () => {
  test('copies the bucket and reports through the operation', async () => {
    const clouds = await startClouds()
    for (const key of ['a/1', 'a/2', 'b/3']) await put(clouds, key, key)
    const { client } = await startTransfer(clouds)
    await client.createTransferJob({ transferJob: job() })
    const run = { jobName: 'transferJobs/causeway-alb', projectId }
    const [operation] = await client.runTransferJob(run)
    await operation.promise()
    expect(await progress(client, operation.name ?? '')).toMatchObject({
      status: 'SUCCESS',
      transferJobName: 'transferJobs/causeway-alb',
      counters: { objectsFoundFromSource: '3', objectsCopiedToSink: '3', bytesCopiedToSink: '9' },
    })
    expect(await names(clouds)).toEqual(['a/1', 'a/2', 'b/3'].map((key) => `s3/${sourceBucket}/${key}`))
    const [again] = await client.runTransferJob(run)
    await again.promise()
    expect(await progress(client, again.name ?? '')).toMatchObject({
      counters: { objectsFromSourceSkippedBySync: '3' },
    })
  })

  test('copies what a manifest names; a name that is not there fails the operation', async () => {
    const clouds = await startClouds()
    for (const key of ['a/1', 'a/x, "y"', 'b/3']) await put(clouds, key, key)
    await clouds.landing.file('manifest.csv').save('1\r\n"x, ""y"""\nmissing\n')
    const { client } = await startTransfer(clouds)
    const spec = job().transferSpec ?? {}
    await client.createTransferJob({
      transferJob: job({
        transferSpec: {
          ...spec,
          awsS3DataSource: { ...spec.awsS3DataSource, path: 'a/' },
          gcsDataSink: { bucketName: 'landing', path: 'to/' },
          transferManifest: { location: 'gs://landing/manifest.csv' },
        },
      }),
    })
    const [operation] = await client.runTransferJob({ jobName: 'transferJobs/causeway-alb', projectId })
    await expect(operation.promise()).rejects.toThrow(/failed/)
    expect(await progress(client, operation.name ?? '')).toMatchObject({
      status: 'FAILED',
      counters: { objectsCopiedToSink: '2', objectsFromSourceFailed: '1' },
    })
    expect(await names(clouds)).toEqual(['manifest.csv', 'to/1', 'to/x, "y"'])
  })

  test('has one operation at a time', async () => {
    const clouds = await startClouds([{ service: 's3', kind: 'delay', probability: 1, delayMs: 500 }])
    await put(clouds, 'a', 'x')
    const { client } = await startTransfer(clouds)
    await client.createTransferJob({ transferJob: job() })
    const run = { jobName: 'transferJobs/causeway-alb', projectId }
    const [first] = await client.runTransferJob(run)
    await expect(client.runTransferJob(run)).rejects.toMatchObject({ code: status.FAILED_PRECONDITION })
    await first.promise()
  })

  test('an operation cut short is done by the next process', async () => {
    const clouds = await startClouds([{ service: 's3', kind: 'delay', probability: 1, delayMs: 100 }])
    await Promise.all(Array.from({ length: 20 }, (_, n) => put(clouds, `k${n}`, 'x')))
    const first = await startTransfer(clouds)
    await first.client.createTransferJob({ transferJob: job() })
    const [{ name = '' }] = await first.client.runTransferJob({
      jobName: 'transferJobs/causeway-alb',
      projectId,
    })
    await first.service.stop()
    const { client } = await startTransfer(clouds)
    const done = await until(
      () => progress(client, name),
      (one) => one.done === true,
    )
    expect(done).toMatchObject({ status: 'SUCCESS' })
    expect((await names(clouds)).length).toBe(20)
  })
})

describe('jobs', () => {
  const nowhere = {
    aws: {
      s3Endpoint: 'http://127.0.0.1:9',
      sqsEndpoint: 'http://127.0.0.1:9',
      region: 'us-east-1',
      accessKeyId: 'test',
      secretAccessKey: 'test',
    },
    gcs: { endpoint: 'http://127.0.0.1:9', projectId },
  }
  const spec = job().transferSpec ?? {}

  test.each<[string, Job, status]>([
    ['a bad name', { name: 'transferJobs/OPI1' }, status.INVALID_ARGUMENT],
    ['a name without its prefix', { name: 'alb' }, status.INVALID_ARGUMENT],
    ['no project', { projectId: '' }, status.INVALID_ARGUMENT],
    ['no status', { status: 'STATUS_UNSPECIFIED' }, status.INVALID_ARGUMENT],
    ['a long description', { description: 'é'.repeat(513) }, status.INVALID_ARGUMENT],
    ['no spec', { transferSpec: null }, status.INVALID_ARGUMENT],
    ['schedule and stream', { schedule: {}, eventStream: { name: queueArn } }, status.INVALID_ARGUMENT],
    ['a queue that is no ARN', { eventStream: { name: 'events' } }, status.INVALID_ARGUMENT],
    ['a schedule', { schedule: {} }, status.UNIMPLEMENTED],
    [
      'a sink path without slash',
      { transferSpec: { ...spec, gcsDataSink: { bucketName: 'b', path: 's3' } } },
      status.INVALID_ARGUMENT,
    ],
    [
      'a sink path from the root',
      { transferSpec: { ...spec, gcsDataSink: { bucketName: 'b', path: '/s3/' } } },
      status.INVALID_ARGUMENT,
    ],
    [
      'a prefix of another prefix',
      { transferSpec: { ...spec, objectConditions: { includePrefixes: ['a', 'ab'] } } },
      status.INVALID_ARGUMENT,
    ],
    [
      'deletion at the source',
      { transferSpec: { ...spec, transferOptions: { deleteObjectsFromSourceAfterTransfer: true } } },
      status.UNIMPLEMENTED,
    ],
  ])('with %s are refused', async (_what, changes, code) => {
    const { client } = await startTransfer({ remotes: nowhere })
    await expect(client.createTransferJob({ transferJob: job(changes) })).rejects.toMatchObject({ code })
  })

  test('are created once, listed, updated in five fields only, deleted softly', async () => {
    const { client } = await startTransfer({ remotes: nowhere })
    const [created] = await client.createTransferJob({ transferJob: job() })
    await expect(client.createTransferJob({ transferJob: job() })).rejects.toMatchObject({
      code: status.ALREADY_EXISTS,
    })
    const jobName = created.name ?? ''
    const update = (path: string, transferJob: Job) =>
      client.updateTransferJob({
        jobName,
        projectId,
        transferJob,
        updateTransferJobFieldMask: { paths: [path] },
      })
    await expect(update('event_stream', eventJob())).rejects.toMatchObject({ code: status.INVALID_ARGUMENT })
    const [updated] = await update('description', { description: 'new' })
    expect(updated).toMatchObject({ description: 'new', status: 'ENABLED' })
    await client.deleteTransferJob({ jobName, projectId })
    const listed = async (filter: object) => {
      const [jobs] = await client.listTransferJobs({ filter: JSON.stringify({ projectId, ...filter }) })
      return jobs.map(({ name, status: state, description }) => [name, state, description])
    }
    expect(await listed({ jobStatuses: ['deleted'] })).toEqual([[jobName, 'DELETED', 'new']])
    expect(await listed({ jobStatuses: ['ENABLED'] })).toEqual([])
    await expect(client.getTransferJob({ jobName, projectId: 'other' })).rejects.toMatchObject({
      code: status.NOT_FOUND,
    })
  })

  test('survive a lost reply: the job is there when it is created again', async () => {
    const rules: Rule[] = [
      {
        service: 'storage-transfer',
        kind: 'drop-reply',
        probability: 1,
        calls: ['CreateTransferJob'],
        atMost: 1,
      },
    ]
    const { client, service } = await startTransfer({ remotes: nowhere }, rules)
    await expect(client.createTransferJob({ transferJob: job() })).rejects.toThrow()
    await expect(client.createTransferJob({ transferJob: job() })).rejects.toMatchObject({
      code: status.ALREADY_EXISTS,
    })
    expect(service.calls()).toMatchObject({ CreateTransferJob: 2 })
  })

  test('a port in use is said to be', async () => {
    const { service } = await startTransfer({ remotes: nowhere })
    const port = Number(service.environment['CAUSEWAY_STORAGE_TRANSFER_ENDPOINT']?.split(':')[1])
    const second = startStorageTransfer({ directory: join(directory, 'second'), port, ...nowhere })
    await expect(second).rejects.toThrow(`port ${port} is in use (Storage Transfer)`)
  })
})

test('the copy log passes over a line cut short', async () => {
  const log = new CopyLog(join(directory, 'transfer'))
  const record = {
    source: 's3://b/k',
    destination: 'gs://b/k',
    bytes: 0,
    copiedAt: new Date(0).toISOString(),
    outcome: 'skipped',
  } as const
  log.write(record)
  await appendFile(join(directory, 'transfer', 'copies.ndjson'), '{"source":"s3://b/')
  expect(await copyLog()).toEqual([record])
})
