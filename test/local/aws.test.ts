import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type Event,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AwsOptions, type AwsService, startAws } from '../../scripts/local/aws/server.ts'
import type { FaultPlanInput } from '../../scripts/local/faults.ts'

const bucket = 'logs-bucket'
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
let directory: string
const started: { stop(): Promise<void> }[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aws-'))
})
afterEach(async () => {
  for (const each of started.splice(0)) await each.stop()
  await rm(directory, { recursive: true })
})

async function start(options: Partial<AwsOptions> = {}) {
  const aws = await startAws({ directory, notifications: [{ bucket, queue: 'events' }], ...options })
  started.push(aws)
  return { aws, ...clients(aws) }
}

function clients(aws: AwsService) {
  const settings = { region: 'us-east-1', credentials, maxAttempts: 1 }
  const s3 = new S3Client({
    ...settings,
    endpoint: aws.s3.environment['AWS_ENDPOINT_URL_S3'] ?? '',
    forcePathStyle: true,
  })
  const sqs = new SQSClient({ ...settings, endpoint: aws.sqs.environment['AWS_ENDPOINT_URL_SQS'] ?? '' })
  started.push({ stop: async () => s3.destroy() }, { stop: async () => sqs.destroy() })
  return { s3, sqs }
}

interface EventRecord {
  readonly eventName: string
  readonly eventTime: string
  readonly s3: {
    readonly bucket: { readonly name: string; readonly arn: string }
    readonly object: {
      readonly key: string
      readonly size: number
      readonly eTag: string
      readonly sequencer: string
    }
  }
}

async function queueUrl(sqs: SQSClient, name = 'events'): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }))
  return QueueUrl
}

/** Takes what is in the queue, deleting it: test events and records apart. */
async function drain(sqs: SQSClient, name = 'events', WaitTimeSeconds = 0) {
  const QueueUrl = await queueUrl(sqs, name)
  const records: EventRecord[] = []
  let tests = 0
  for (;;) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds })
    const { Messages = [] } = await sqs.send(receive)
    if (Messages.length === 0) return { records, tests }
    for (const { Body = '{}', ReceiptHandle } of Messages) {
      const message: { Event?: string; Records?: EventRecord[] } = JSON.parse(Body)
      if (message.Event === 's3:TestEvent') tests += 1
      records.push(...(message.Records ?? []))
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    }
  }
}

function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '))
}

describe('events of uploads', () => {
  test('a put is announced with its size, etag and encoded key', async () => {
    const { s3, sqs } = await start()
    const { ETag = '' } = await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'a b/c+d', Body: 'hello' }),
    )
    const { records, tests } = await drain(sqs)
    expect(tests).toBe(1)
    expect(records).toMatchObject([
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventName: 'ObjectCreated:Put',
        eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        s3: {
          s3SchemaVersion: '1.0',
          bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
          object: { key: 'a+b/c%2Bd', size: 5, eTag: ETag.replaceAll('"', '') },
        },
      },
    ])
  })

  test.each([
    'with space.log',
    'plus+sign.log',
    '100%.log',
    '%2B and %20.log',
    'día/日本/🪵.log',
    "it's (1)~!*.log",
    'a&b=c?d#e.log',
    `deep/${'x'.repeat(150)}/file.log.gz`,
  ])('key %s comes back through its event', async (key) => {
    const { s3, sqs } = await start()
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: key }))
    const { records } = await drain(sqs)
    const decoded = records.map((record) => decodeKey(record.s3.object.key))
    expect(decoded).toEqual([key])
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: decoded[0] ?? '' }))
    expect(await Body?.transformToString()).toBe(key)
  })

  test('copies and multipart uploads are announced under their own names', async () => {
    const { s3, sqs } = await start()
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'one', Body: 'x' }))
    await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: 'two', CopySource: `${bucket}/one` }))
    const etag = await putInParts(s3, 'three', [Buffer.alloc(12 * 1024 * 1024, 1), Buffer.from('end')])
    const { records } = await drain(sqs)
    expect(records.map(({ eventName, s3: { object } }) => [eventName, object.key, object.size])).toEqual([
      ['ObjectCreated:Put', 'one', 1],
      ['ObjectCreated:Copy', 'two', 1],
      ['ObjectCreated:CompleteMultipartUpload', 'three', 12 * 1024 * 1024 + 3],
    ])
    expect(records[2]?.s3.object.eTag).toBe(etag)
    expect(etag).toMatch(/-2$/)
  })

  test('later uploads of a key have greater sequencers', async () => {
    const { s3, sqs } = await start()
    for (let n = 0; n < 20; n++)
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: `${n}` }))
    const sequencers = (await drain(sqs)).records.map((record) => record.s3.object.sequencer)
    expect(new Set(sequencers).size).toBe(20)
    expect(sequencers.toSorted()).toEqual(sequencers)
  })

  test('go to the queue whose prefix and suffix match', async () => {
    const { s3, sqs } = await start({
      notifications: [
        { bucket, prefix: 'alb/', suffix: '.gz', queue: 'alb' },
        { bucket, prefix: 'waf/', queue: 'waf' },
      ],
    })
    for (const Key of ['alb/1.gz', 'alb/1.txt', 'waf/2', 'other/3.gz']) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }))
    }
    const keys = async (queue: string) => (await drain(sqs, queue)).records.map((one) => one.s3.object.key)
    expect(await keys('alb')).toEqual(['alb/1.gz'])
    expect(await keys('waf')).toEqual(['waf/2'])
  })

  test('two notifications for one object are refused', async () => {
    const notifications = [
      { bucket, prefix: 'a/', queue: 'one' },
      { bucket, prefix: 'a/b/', queue: 'two' },
    ]
    await expect(startAws({ directory, notifications })).rejects.toThrow(/overlap/)
  })
})

const configured = (NotificationConfiguration: NotificationConfiguration) =>
  new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration })

describe('the notifications of a bucket', () => {
  const read = new GetBucketNotificationConfigurationCommand({ Bucket: bucket })
  const QueueArn = 'arn:aws:sqs:us-east-1:000000000000:events'
  const Events: Event[] = ['s3:ObjectCreated:*']

  test('are read as they are, and outlive a restart when they are taken away', async () => {
    const notifications = [{ bucket, prefix: 'a&b/', suffix: '.gz', queue: 'events', id: 'mine' }]
    const { s3, aws } = await start({ notifications })
    const { QueueConfigurations } = await s3.send(read)
    const FilterRules = [
      { Name: 'Prefix', Value: 'a&b/' },
      { Name: 'Suffix', Value: '.gz' },
    ]
    expect(QueueConfigurations).toEqual([{ Id: 'mine', QueueArn, Events, Filter: { Key: { FilterRules } } }])
    await s3.send(configured({}))
    await aws.stop()
    const { s3: again, sqs } = await start({ notifications })
    expect((await again.send(read)).QueueConfigurations).toBeUndefined()
    await again.send(new PutObjectCommand({ Bucket: bucket, Key: 'a&b/1.gz', Body: 'x' }))
    expect((await drain(sqs)).records).toEqual([])
  })

  test('go only to a queue that lets S3 send', async () => {
    const { s3, sqs } = await start({ notifications: [{ bucket, queue: 'events', prefix: 'old/' }] })
    await drain(sqs)
    const wanted = configured({ QueueConfigurations: [{ QueueArn, Events }] })
    await expect(s3.send(wanted)).rejects.toMatchObject({ name: 'InvalidArgument' })
    const Statement = {
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:s3:::${bucket}` } },
    }
    const Attributes = { Policy: JSON.stringify({ Statement: [Statement] }) }
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: await queueUrl(sqs), Attributes }))
    await s3.send(wanted)
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'new/1', Body: 'x' }))
    const { records, tests } = await drain(sqs)
    expect(records.map((record) => record.s3.object.key)).toEqual(['new/1'])
    expect(tests).toBe(1)
  })
})

describe('roles', () => {
  test('are there again after a restart, with trust and policies', async () => {
    const iamOf = (aws: AwsService) => {
      const endpoint = aws.iam.environment['AWS_ENDPOINT_URL_IAM'] ?? ''
      return new IAMClient({ region: 'us-east-1', credentials, endpoint })
    }
    const { aws } = await start({ account: '123456789012' })
    const [RoleName, PolicyName] = ['reader', 'transfer']
    const trust = '{"Statement":[{"Effect":"Allow","Principal":"a&b"}]}'
    const iam = iamOf(aws)
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}' }))
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }))
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: '{"Statement":[]}' }))
    await aws.stop()
    const again = iamOf((await start({ account: '123456789012' })).aws)
    const { Role } = await again.send(new GetRoleCommand({ RoleName }))
    expect(Role?.Arn).toBe('arn:aws:iam::123456789012:role/reader')
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust)
    const { PolicyDocument } = await again.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
    expect(decodeURIComponent(PolicyDocument ?? '')).toBe('{"Statement":[]}')
    await expect(again.send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    })
  })
})

describe('objects', () => {
  test('50 MB in one request', async () => {
    const { s3 } = await start()
    const Body = Buffer.alloc(50_000_000, 'log line\n')
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'big', Body }))
    const reply = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'big' }))
    expect(Buffer.from((await reply.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true)
  })

  test('a listing of several pages has every key once, in order', async () => {
    const { s3 } = await start()
    const keys = ['B', 'a', 'a-1', 'a/1', 'a1', 'aB', 'b', '_', 'É', 'z']
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }))
    const listed: string[] = []
    let ContinuationToken: string | undefined
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 3, ContinuationToken }))
      listed.push(...(page.Contents ?? []).map((object) => object.Key ?? ''))
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken)
    expect(listed).toEqual(keys.toSorted())
  })

  test('what is not modelled is refused and not mistaken for something else', async () => {
    const { s3 } = await start()
    const Events: Event[] = ['s3:ObjectCreated:*']
    const TopicConfigurations = [{ TopicArn: 'arn:aws:sns:us-east-1:1:t', Events }]
    await expect(s3.send(configured({ TopicConfigurations }))).rejects.toMatchObject({
      name: 'NotImplemented',
    })
    const conditional = new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x', IfNoneMatch: '*' })
    await expect(s3.send(conditional)).rejects.toMatchObject({ name: 'NotImplemented' })
  })
})

describe('queues', () => {
  test('have a dead-letter queue', async () => {
    const { sqs } = await start()
    const QueueUrl = await queueUrl(sqs)
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }),
    )
    expect(JSON.parse(Attributes['RedrivePolicy'] ?? '')).toEqual({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:events-dlq',
      maxReceiveCount: 10,
    })
  })

  test('a message made visible again can be received again', async () => {
    const { sqs } = await start({ notifications: [{ bucket, queue: 'q' }] })
    await drain(sqs, 'q')
    const QueueUrl = await queueUrl(sqs, 'q')
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'again' }))
    const first = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
    const ReceiptHandle = first.Messages?.[0]?.ReceiptHandle ?? ''
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
    const second = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
    expect(second.Messages?.[0]?.Body).toBe('again')
  })

  test('a long poll whose client has gone keeps no message', async () => {
    const { sqs, s3 } = await start()
    await drain(sqs)
    const QueueUrl = await queueUrl(sqs)
    const gone = new AbortController()
    const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: gone.signal,
    })
    // The reply to this later request shows that the poll before it has been taken up.
    await sqs.send(new GetQueueAttributesCommand({ QueueUrl }))
    gone.abort()
    await expect(poll).rejects.toMatchObject({ name: 'AbortError' })
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x' }))
    const { records } = await drain(sqs, 'events', 2)
    expect(records.length).toBe(1)
  })
})

describe('faults', () => {
  type Rule = FaultPlanInput['rules'][number]
  const rule = { service: 's3', probability: 1, atMost: 1, calls: ['PutObject'] } satisfies Omit<Rule, 'kind'>

  test('fail: SlowDown, and nothing stored', async () => {
    const { s3, sqs } = await start({ faults: { seed: 1, rules: [{ ...rule, kind: 'fail' }] } })
    const put = new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x' })
    await expect(s3.send(put)).rejects.toMatchObject({
      name: 'SlowDown',
      $metadata: { httpStatusCode: 503 },
    })
    expect((await drain(sqs)).records).toEqual([])
    await expect(s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'k' }))).rejects.toThrow()
  })

  test('drop-reply: an error for the caller, object and event are there', async () => {
    const { s3, sqs } = await start({ faults: { seed: 1, rules: [{ ...rule, kind: 'drop-reply' }] } })
    await expect(s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x' }))).rejects.toThrow()
    expect((await drain(sqs)).records.map((record) => record.s3.object.key)).toEqual(['k'])
  })

  test.each(['s3', 'sqs'] as const)(
    'duplicate under the name of %s: one upload, two events',
    async (service) => {
      const rules = [{ service, kind: 'duplicate', probability: 1 } as const]
      const { s3, sqs } = await start({ faults: { seed: 1, rules } })
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x' }))
      expect((await drain(sqs)).records.length).toBe(2)
    },
  )

  test('reorder: the first event arrives after the second', async () => {
    const rules: Rule[] = [{ ...rule, kind: 'reorder', delayMs: 500 }]
    const { s3, sqs } = await start({ faults: { seed: 1, rules } })
    for (const Key of ['1', '2']) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }))
    const { records } = await drain(sqs, 'events', 1)
    expect(records.map((record) => record.s3.object.key)).toEqual(['2', '1'])
  })

  test('fail on SQS is the error of SQS', async () => {
    const rules: Rule[] = [{ service: 'sqs', kind: 'fail', probability: 1, calls: ['ReceiveMessage'] }]
    const { sqs } = await start({ faults: { seed: 1, rules } })
    const QueueUrl = await queueUrl(sqs)
    await expect(sqs.send(new ReceiveMessageCommand({ QueueUrl }))).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      $metadata: { httpStatusCode: 503 },
    })
  })
})

describe('life', () => {
  test('an acknowledged upload survives kill -9 with its event, and is tested for once only', async () => {
    const key = 'killed/right after.log'
    const child = spawn(process.execPath, [
      join(import.meta.dirname, 'aws-uploader.ts'),
      directory,
      bucket,
      key,
    ])
    const exited = once(child, 'exit')
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await exited
    const { s3, sqs } = await start()
    const { records, tests } = await drain(sqs)
    expect(tests).toBe(1)
    expect(records.map((record) => decodeKey(record.s3.object.key))).toEqual([key])
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    expect(await Body?.transformToString()).toBe('survivor')
  })

  test('queue URLs follow the port of the run', async () => {
    const first = await start()
    await first.aws.stop()
    const second = await start()
    const url = await queueUrl(second.sqs)
    expect(url.startsWith(second.aws.sqs.environment['AWS_ENDPOINT_URL_SQS'] ?? '-')).toBe(true)
  })

  test('listens on loopback only, and says which port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    started.push({ stop: () => new Promise((resolve) => taken.close(() => resolve())) })
    const address = taken.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    await expect(start({ port })).rejects.toThrow(`port ${port} is in use (S3 and SQS)`)

    const { aws } = await start()
    const free = Number(new URL(aws.s3.environment['AWS_ENDPOINT_URL_S3'] ?? '').port)
    // The same port of every other interface can only be bound when nothing listens on it.
    const elsewhere = createServer().listen(free, '127.0.0.2')
    await once(elsewhere, 'listening')
    started.push({ stop: () => new Promise((resolve) => elsewhere.close(() => resolve())) })
  })

  test('calls are counted by their names', async () => {
    const { aws, s3, sqs } = await start()
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x' }))
    await s3.send(new ListObjectsV2Command({ Bucket: bucket }))
    await queueUrl(sqs)
    expect(aws.s3.calls()).toEqual({ ListObjectsV2: 1, PutObject: 1 })
    expect(aws.sqs.calls()).toEqual({ GetQueueUrl: 1 })
  })
})

async function putInParts(s3: S3Client, Key: string, parts: readonly Buffer[]): Promise<string> {
  const target = { Bucket: bucket, Key }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target))
  const Parts = []
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1
    const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }))
    Parts.push({ PartNumber, ETag })
  }
  const { ETag = '' } = await s3.send(
    new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
  )
  return ETag.replaceAll('"', '')
}
