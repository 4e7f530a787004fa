import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3'
import {
  GetQueueUrlCommand,
  PurgeQueueCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import bridge from '../../bridge.config.ts'
import { queueArn } from '../../cdktf/aws/names.ts'
import { queueAttributes } from '../../cdktf/aws/queue-attributes.ts'
import { trustPolicy } from '../../cdktf/aws/role-policies.ts'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { bridgeNames, transferJobName } from '../../functions/config/names.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { type Clients, openClients } from '../../scripts/clients.ts'
import { aboutOf } from '../../scripts/doctor/about.ts'
import { checksOf } from '../../scripts/doctor/checks.ts'
import { nameOf, type Result, runChecks } from '../../scripts/doctor/run-checks.ts'
import { type LocalBridge, startLocalBridge } from '../../scripts/local/bridge.ts'
import { StateDirectory } from '../../scripts/local/state-directory.ts'
import { readServiceAddresses } from '../../scripts/settings.ts'
import { runCommand } from '../bridge/command-process.ts'
import { connect } from '../bridge/local-bridge.ts'
import { everything } from '../cdktf/synthesised.ts'

const deploy = (cloud: string) => `deploy ${cloud}`

/** What a doctor finds that looks with the clients the breaking is done with. */
async function look(of: Bridge, clients: Clients): Promise<Result[]> {
  const about = aboutOf({ bridge: of, sources: of.sources, clients, now: Date.now, deploy })
  return runChecks(checksOf(about), { timeoutMs: 20_000 })
}

const troubles = (results: readonly Result[]) =>
  results
    .filter(({ state }) => state !== 'pass')
    .map(({ check, state, detail, fix = '' }) => ({ name: nameOf(check), state, detail, fix }))

describe('the bridge of this project, running here', () => {
  const account = '000000000000'
  const [source] = bridge.sources
  if (!source) throw new Error('the configuration has no source')
  const { topic, subscription, deadLetterTopic, deadLetterKeep } = bridgeNames(bridge)
  const arn = queueArn(bridge, account, source)
  let directory: string
  let running: LocalBridge
  let clients: Clients
  let iam: IAMClient

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'causeway-doctor-'))
    running = await startLocalBridge({ bridge, state: new StateDirectory(directory) })
    const { put, queryUntil } = connect(bridge, running.environment)
    clients = openClients(bridge, readServiceAddresses())
    iam = new IAMClient({ region: bridge.aws.region })
    await put('causeway-example-ecs-logs', 'a.log', '{"service":"web","message":"hello"}\n')
    await queryUntil(
      "SELECT * FROM causeway.objects WHERE outcome = 'committed'",
      (rows) => rows.length === 1,
    )
    // Until the transfer has taken S3's test events too.
    await vi.waitUntil(async () => troubles(await look(bridge, clients)).length === 0, {
      timeout: 20_000,
      interval: 200,
    })
  })
  afterAll(async () => {
    await clients.close()
    iam.destroy()
    await running.stop()
    await rm(directory, { recursive: true, force: true })
    // The next bridge must not be made where this one was.
    vi.unstubAllEnvs()
  })

  const queue = async (name: string) =>
    (await clients.sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl
  const set = async (Attributes: Record<string, string>) =>
    clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: await queue('causeway-alb'), Attributes }))
  const announce = (queues: string[]) => {
    const QueueConfigurations = queues.map((QueueArn) => ({
      QueueArn,
      Events: ['s3:ObjectCreated:*' as const],
      Filter: { Key: { FilterRules: [{ Name: 'prefix' as const, Value: source.prefix }] } },
    }))
    const NotificationConfiguration = { QueueConfigurations }
    return clients.s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket: source.bucket, NotificationConfiguration }),
    )
  }
  const trust = (subject: string) =>
    iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'causeway-alb-transfer',
        PolicyDocument: trustPolicy(subject),
      }),
    )
  const job = (status: 'ENABLED' | 'DISABLED') => {
    const [jobName, projectId] = [transferJobName(bridge, source), bridge.google.project]
    const updateTransferJobFieldMask = { paths: ['status'] }
    return clients.transfer.updateTransferJob({
      jobName,
      projectId,
      updateTransferJobFieldMask,
      transferJob: { status },
    })
  }
  const lineage = (change: 'enable' | 'disable') => {
    const origin = readServiceAddresses().serviceUsage
    const url = `${origin}/v1/projects/${bridge.google.project}/services/datalineage.googleapis.com:${change}`
    return clients.google.request({ url, method: 'POST' })
  }
  const leftBehind = () =>
    clients.storage.bucket(bridge.google.landingBucket).file('s3/lane=gone/causeway-example-ecs-logs/a.log')
  const keep = (expiry: object) =>
    clients.bigquery
      .dataset(bridge.dataset)
      .table('ecs_web')
      .setMetadata({ timePartitioning: { type: 'DAY', field: 'event_time', ...expiry } })
  const view = () => clients.bigquery.dataset(bridge.stateDataset).table('objects')

  test('everything is well: exit 0, in words and as JSON', async () => {
    const done = await runCommand('--state', directory, 'doctor')
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(done.stdout).toMatch(/ok +ecs: last object +.* ago, 20/)
    expect(done.stdout).toMatch(/\n\d\d well\n$/)
    // No colour and no cursor where it does not go to a terminal.
    expect(done.stdout).not.toContain('\u001b')
    const { code, stdout } = await runCommand('--state', directory, 'doctor', '--json', '--source', 'alb')
    expect(code).toBe(0)
    const { ok, checks } = JSON.parse(stdout)
    expect(ok).toBe(true)
    expect(new Set(checks.map((check: { source: string | null }) => check.source))).toEqual(
      new Set([null, 'alb']),
    )
  })

  test('something is wrong: exit 1, and how to mend it', async () => {
    await job('DISABLED')
    const done = await runCommand('--state', directory, 'doctor')
    await job('ENABLED')
    expect(done.code).toBe(1)
    expect(done.stdout).toMatch(
      /FAIL +alb: transfer job +it is DISABLED.*\n +fix: npm run causeway -- resume alb --yes/,
    )
    expect(done.stdout).toContain('1 failed')
  })

  test('a source or an environment there is not', async () => {
    const source = await runCommand('--state', directory, 'doctor', '--source', 'nlb')
    expect(source).toMatchObject({ code: 1, stderr: expect.stringMatching(/no source nlb.*alb, ecs/) })
    const environment = await runCommand('--state', directory, 'doctor', '--env', 'mars')
    expect(environment).toMatchObject({ code: 1, stderr: expect.stringContaining('no such environment') })
  })

  test.each<{
    what: string
    wreck: () => Promise<unknown>
    mend: () => Promise<unknown>
    line: string
    state: Result['state']
    detail: RegExp
    fix: RegExp
  }>([
    {
      what: 'the notification of the bucket is taken away',
      wreck: () => announce([]),
      mend: () => announce([arn]),
      line: 'alb: notification of uploads',
      state: 'fail',
      detail: /tells .*:causeway-alb nothing/,
      fix: /prefix "AWSLogs\/".* to arn:aws:sqs:us-east-1:000000000000:causeway-alb/,
    },
    {
      what: 'anyone may send to the queue',
      wreck: () =>
        set({
          Policy: '{"Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"SQS:*","Resource":"*"}}',
        }),
      mend: () => set(queueAttributes(bridge, source, account).queue),
      line: 'alb: queue policy',
      state: 'fail',
      detail: /s3\.amazonaws\.com may not send.*anyone may sqs:\*, without a condition/,
      fix: /deploy aws/,
    },
    {
      what: 'the queue forgets an event after an hour',
      wreck: () => set({ MessageRetentionPeriod: '3600' }),
      mend: () => set(queueAttributes(bridge, source, account).queue),
      line: 'alb: queue causeway-alb',
      state: 'warn',
      detail: /keeps an event for 1 h, not 10 d/,
      fix: /deploy aws/,
    },
    {
      what: 'an event was given up on',
      wreck: async () =>
        clients.sqs.send(
          new SendMessageCommand({ QueueUrl: await queue('causeway-alb-dead-letters'), MessageBody: 'x' }),
        ),
      mend: async () =>
        clients.sqs.send(new PurgeQueueCommand({ QueueUrl: await queue('causeway-alb-dead-letters') })),
      line: 'alb: events given up on',
      state: 'warn',
      detail: /^1 in/,
      fix: /start-message-move-task --source-arn arn:/,
    },
    {
      what: 'the role trusts somebody else',
      wreck: () => trust('42'),
      mend: () => trust('100000000000000000000'),
      line: 'alb: trust of role causeway-alb-transfer',
      state: 'fail',
      detail: /trusts 42 .* is 100000000000000000000/,
      fix: /transferSubjectId: '100000000000000000000'/,
    },
    {
      what: 'the transfer job is disabled',
      wreck: () => job('DISABLED'),
      mend: () => job('ENABLED'),
      line: 'alb: transfer job',
      state: 'fail',
      detail: /DISABLED/,
      fix: /npm run causeway -- resume alb --yes/,
    },
    {
      what: 'nobody may publish',
      wreck: () => clients.pubsub.topic(topic).iam.setPolicy({ bindings: [] }),
      mend: () => {
        const members = ['serviceAccount:service-000000000000@gs-project-accounts.iam.gserviceaccount.com']
        return clients.pubsub
          .topic(topic)
          .iam.setPolicy({ bindings: [{ role: 'roles/pubsub.publisher', members }] })
      },
      line: 'permissions on topic causeway-landed',
      state: 'fail',
      detail: /gs-project-accounts.* has no roles\/pubsub\.publisher/,
      fix: /gcloud pubsub topics add-iam-policy-binding/,
    },
    {
      what: 'a lane was removed before it was empty',
      wreck: () => leftBehind().save('{"message":"hello"}', { resumable: false }),
      mend: () => leftBehind().delete(),
      line: 'lanes of landed objects',
      state: 'warn',
      detail: /^copies lie in s3\/lane=gone\/, and there is no such lane/,
      fix: /^gcloud storage mv .*s3\/lane=gone\//,
    },
    {
      what: 'the subscription gives nothing up',
      wreck: () => clients.pubsub.subscription(subscription).setMetadata({ deadLetterPolicy: null }),
      mend: () =>
        clients.pubsub
          .subscription(subscription)
          .setMetadata({ deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 5 } }),
      line: 'subscription causeway-load',
      state: 'fail',
      detail: /no dead-letter topic/,
      fix: /gcloud pubsub subscriptions update causeway-load .*--dead-letter-topic=projects/,
    },
    {
      what: 'nothing keeps dead letters',
      wreck: () => clients.pubsub.subscription(deadLetterKeep).delete(),
      mend: () =>
        clients.pubsub.createSubscription(deadLetterTopic, deadLetterKeep, {
          messageRetentionDuration: { seconds: 31 * 86_400 },
          expirationPolicy: {},
        }),
      line: 'subscription causeway-dead-letters-keep',
      state: 'fail',
      detail: /does not exist/,
      fix: /deploy google/,
    },
    {
      what: 'the view is dropped',
      wreck: () => view().delete(),
      mend: async () => {
        const { objectView } = await import('../../functions/commit/object-table.ts')
        return view().create({ view: { query: objectView(bridge).query, useLegacySql: false } })
      },
      line: 'view causeway.objects',
      state: 'fail',
      detail: /does not exist/,
      fix: /deploy google/,
    },
    {
      what: 'a table of logs was made when they were to be kept for a month',
      wreck: () => keep({ expirationMs: String(30 * 86_400_000) }),
      mend: () => keep({}),
      line: 'how long log tables keep rows',
      state: 'warn',
      detail: /^1 made before .* ecs_web; it should be for ever/,
      fix: /^bq query .* FOR'$/,
    },
    {
      what: 'Data Lineage is on',
      wreck: () => lineage('enable'),
      mend: () => lineage('disable'),
      line: 'Data Lineage is off',
      state: 'warn',
      detail: /billed/,
      fix: /gcloud services disable/,
    },
  ])('$what', async ({ wreck, mend, line, state, detail, fix }) => {
    await wreck()
    const found = troubles(await look(bridge, clients))
    await mend()
    expect(found).toEqual([
      { name: line, state, detail: expect.stringMatching(detail), fix: expect.stringMatching(fix) },
    ])
    // S3 tells the queue of a new notification by a test event, which is there for a moment.
    await vi.waitUntil(async () => troubles(await look(bridge, clients)).length === 0, {
      timeout: 20_000,
      interval: 100,
    })
  })

  test('credentials of another account are no reason to look for the queues there', async () => {
    const elsewhere = { ...bridge, aws: { ...bridge.aws, account: '999999999999' } }
    const results = await look(elsewhere, clients)
    const found = troubles(results)
    expect(found[0]).toMatchObject({
      name: 'AWS credentials',
      state: 'fail',
      fix: expect.stringContaining('999999999999'),
    })
    const queues = results.filter(({ check }) => check.group === 'event')
    expect(new Set(queues.map(({ detail }) => detail))).toEqual(new Set(['waits for AWS credentials']))
  })

  test('without credentials it says which are missing', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'GOOGLE_APPLICATION_CREDENTIALS'])
      vi.stubEnv(name, undefined)
    vi.stubEnv('HOME', directory)
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
    const done = await runCommand('--state', join(directory, 'elsewhere'), 'doctor')
    expect(done.code).toBe(0)
    expect(done.stdout).toMatch(/skip +AWS credentials +no AWS credentials are at hand\n +fix: sign in: aws/)
    expect(done.stdout).toMatch(
      /skip +Google credentials +no Google credentials are at hand\n +fix: sign in: gcloud/,
    )
    expect(done.stdout).toMatch(/skip +18 checks +waits for AWS credentials/)
    expect(done.stdout).not.toContain('FAIL')
    expect(done.stdout + done.stderr).not.toContain('    at ')
  })
})

test('a configuration with everything is well too: accounts, keys, lanes, topics, EventBridge, clusters', async () => {
  const { environments: _, ...main } = everything
  const all = defineBridge(main)
  const directory = await mkdtemp(join(tmpdir(), 'causeway-doctor-'))
  const running = await startLocalBridge({ bridge: all, state: new StateDirectory(directory) })
  connect(all, running.environment)
  const clients = openClients(all, readServiceAddresses())
  try {
    await vi.waitFor(async () => expect(troubles(await look(all, clients))).toEqual([]), {
      timeout: 20_000,
      interval: 200,
    })
  } finally {
    await clients.close()
    await running.stop()
    await rm(directory, { recursive: true, force: true })
  }
})
