import { describe, expect, test } from 'vitest'
import bridge from '../../bridge.config.ts'
import { queueArn } from '../../cdktf/aws/names.ts'
import { queueAttributes, senderOf } from '../../cdktf/aws/queue-attributes.ts'
import { transferPolicy, trustPolicy } from '../../cdktf/aws/role-policies.ts'
import { jobSettings } from '../../cdktf/google/job-settings.ts'
import { lanesOf } from '../../cdktf/google/lanes.ts'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { bridgeNames } from '../../functions/config/names.ts'
import type { BridgeInput, DeployedSource } from '../../functions/config/schema.ts'
import { formatNames } from '../../functions/parse/formats.ts'
import { rejectTable } from '../../functions/split/tables/reject-table.ts'
import { judgeNotification, judgeRegion } from '../../scripts/doctor/bucket.ts'
import { judgeNotifications } from '../../scripts/doctor/buckets.ts'
import type { Problem } from '../../scripts/doctor/check.ts'
import { judgeClock } from '../../scripts/doctor/clock.ts'
import { judgeFreshness } from '../../scripts/doctor/freshness.ts'
import { judgeLaneCopies } from '../../scripts/doctor/lane-copies.ts'
import { judgeQueue } from '../../scripts/doctor/queue.ts'
import { judgeQueuePolicy } from '../../scripts/doctor/queue-policy.ts'
import { judgeConnections, judgeStreams, judgeTables } from '../../scripts/doctor/quotas.ts'
import { judgeRetention } from '../../scripts/doctor/retention.ts'
import { judgePermissions, judgeTrust } from '../../scripts/doctor/role.ts'
import { judgeSubscription } from '../../scripts/doctor/subscriptions.ts'
import { judgeColumns } from '../../scripts/doctor/tables.ts'
import { judgeJobs } from '../../scripts/doctor/transfer-job.ts'

const account = '123456789012'
const source = bridge.sources.find(({ name }) => name === 'alb') as DeployedSource
const arn = queueArn(bridge, account, source)
const texts = (problems: readonly Problem[]) => problems.map(({ state, detail }) => `${state}: ${detail}`)

describe('a queue policy', () => {
  const sender = { ...senderOf(bridge, source, account), Resource: arn }
  const deployed = JSON.parse(queueAttributes(bridge, source, account).queue['Policy'] ?? '')
  const [allow, deny] = deployed.Statement
  const judged = (...Statement: object[]) =>
    texts(judgeQueuePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), sender, 'fix'))

  test('as deployed, or in other words, is well', () => {
    expect(judged(allow, deny)).toEqual([])
    const [service, source] = ['s3.amazonaws.com', 'arn:aws:s3:::causeway-example-alb-logs']
    const same = {
      Effect: 'Allow',
      Principal: { Service: [service] },
      Action: ['SQS:SendMessage'],
      Resource: [arn],
      Condition: {
        StringEquals: { 'AWS:SourceAccount': [account] },
        ArnLike: { 'aws:sourcearn': source },
      },
    }
    expect(judged(deny, same)).toEqual([])
  })

  test.each([
    ['nothing', [], [/^fail: s3.amazonaws.com may not|may not send/, /plain HTTP/]],
    ['no account', [{ ...allow, Condition: { ArnLike: allow.Condition.ArnLike } }, deny], [/other terms/]],
    ['no condition', [{ ...allow, Condition: undefined }, deny], [/other terms/]],
    [
      'everyone too',
      [allow, deny, { Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }],
      [/^fail: anyone may/],
    ],
    [
      'everyone of an organisation too',
      [
        allow,
        deny,
        { ...allow, Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
      ],
      [/^warn: anyone may sqs:sendmessage besides/],
    ],
    ['plain HTTP', [allow], [/^warn: .*plain HTTP/]],
  ])('with %s', (_name, statements, expected) => {
    expect(judged(...statements)).toEqual(expected.map((one) => expect.stringMatching(one)))
  })

  test('there is none', () => {
    expect(texts(judgeQueuePolicy(undefined, sender, 'fix'))).toEqual([
      expect.stringContaining('nobody may send'),
    ])
  })
})

describe('the trust of a role', () => {
  const judged = (...Statement: object[]) => texts(judgeTrust(JSON.stringify({ Statement }), '7', 'fix'))
  const [own] = JSON.parse(trustPolicy('7')).Statement

  test.each([
    ['as deployed', [own], []],
    ['somebody else', [JSON.parse(trustPolicy('8')).Statement[0]], [/^fail: it trusts 8 .* is 7$/]],
    ['whoever signs in', [{ ...own, Condition: undefined }], [/^fail: .*whoever/, /^fail: it trusts nobody/]],
    [
      'an audience, not a subject',
      [{ ...own, Condition: { StringEquals: { 'accounts.google.com:aud': '7' } } }],
      [/whoever/, /nobody/],
    ],
    [
      'a pattern',
      [{ ...own, Condition: { StringLike: { 'accounts.google.com:sub': '*' } } }],
      [/whoever/, /nobody/],
    ],
    [
      'another action',
      [{ ...own, Action: 'sts:TagSession' }],
      [/nobody/, /Federated:accounts.google.com too/],
    ],
    ['one more', [own, JSON.parse(trustPolicy('8')).Statement[0]], [/^warn: it trusts 8 too/]],
    [
      'any account',
      [own, { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
      [/^fail: it trusts AWS:\* too/],
    ],
  ])('%s', (_name, statements, expected) => {
    expect(judged(...statements)).toEqual(expected.map((one) => expect.stringMatching(one)))
  })
})

describe('the permissions of a role', () => {
  const wanted = transferPolicy(bridge, source, arn)
  const judged = (...Statement: object[]) =>
    texts(judgePermissions([JSON.stringify({ Statement })], wanted, 'fix'))

  test('as deployed, wider, or in several policies', () => {
    const { Statement } = JSON.parse(wanted)
    expect(judged(...Statement)).toEqual([])
    expect(judged({ Effect: 'Allow', Action: ['s3:*', 'sqs:*Message*'], Resource: '*' })).toEqual([])
    const apart = Statement.map((one: object) => JSON.stringify({ Statement: one }))
    expect(judgePermissions(apart, wanted, 'fix')).toEqual([])
  })

  test('what is missing is named', () => {
    expect(
      judged({ Effect: 'Allow', Action: ['s3:Get*', 's3:ListBucket'], Resource: 'arn:aws:s3:::*' }),
    ).toEqual([
      `fail: it may not sqs:changemessagevisibility on ${arn}, sqs:deletemessage on ${arn}, sqs:receivemessage on ${arn}`,
    ])
    // Other folders of the bucket are no use.
    const elsewhere = {
      Effect: 'Allow',
      Action: ['s3:*', 'sqs:*'],
      Resource: [
        arn,
        'arn:aws:s3:::causeway-example-alb-logs',
        'arn:aws:s3:::causeway-example-alb-logs/other/*',
      ],
    }
    expect(judged(elsewhere)).toEqual([expect.stringMatching(/s3:getobject on .*AWSLogs/)])
  })
})

describe('a bucket', () => {
  test.each([
    [undefined, 'us-east-1', 'pass'],
    ['EU', 'eu-west-1', 'pass'],
    ['eu-north-1', 'eu-west-1', 'fail'],
  ])('in %s with a queue in %s', (constraint, region, state) => {
    expect(judgeRegion(constraint, region).state).toBe(state)
  })

  const announced = (
    prefix: string,
    Events: 's3:ObjectCreated:Put'[] | 's3:ObjectCreated:*'[] = ['s3:ObjectCreated:*'],
  ) => {
    const FilterRules = prefix ? [{ Name: 'prefix' as const, Value: prefix }] : []
    return { QueueConfigurations: [{ QueueArn: arn, Events, Filter: { Key: { FilterRules } } }] }
  }
  test.each([
    ['tells of its uploads', announced('AWSLogs/'), 'pass'],
    ['tells of more', announced(''), 'pass'],
    ['tells of a part', announced('AWSLogs/1/'), 'fail'],
    ['tells of some ways to upload', announced('AWSLogs/', ['s3:ObjectCreated:Put']), 'warn'],
    ['tells somebody else', { QueueConfigurations: [{ QueueArn: 'other', Events: [] }] }, 'fail'],
    ['tells nobody', {}, 'fail'],
  ])('%s', (_name, configured, state) => {
    expect(judgeNotification(configured, source, arn, 'deploy').state).toBe(state)
  })
})

test('a queue may be more patient than planned, not less', () => {
  const { queue } = queueAttributes(bridge, source, account)
  const judged = (change: object) => texts(judgeQueue({ ...queue, ...change }, queue, 'fix'))
  expect(judged({})).toEqual([])
  expect(judged({ VisibilityTimeout: '7200', MessageRetentionPeriod: '1209600' })).toEqual([])
  expect(judged({ VisibilityTimeout: '30' })).toEqual(['warn: it hides an event for 30 s, not 10 min'])
  expect(judged({ RedrivePolicy: '' })).toEqual([expect.stringMatching(/^fail: it sets nothing aside/)])
  const other = JSON.stringify({ deadLetterTargetArn: 'arn:other', maxReceiveCount: 50 })
  expect(judged({ RedrivePolicy: other })).toEqual([expect.stringMatching(/^fail: .*arn:other/)])
})

test('a transfer job has to be as deployed', () => {
  const wanted = jobSettings(bridge, source, account)
  const job = {
    ...wanted,
    transferSpec: { ...wanted.transferSpec, objectConditions: { includePrefixes: ['AWSLogs/'] } },
  }
  const judged = (...changes: object[]) => {
    const jobs = changes.map((change) => ({ ...job, ...change }))
    return texts(judgeJobs(jobs, wanted, { project: 'p', source: 's', deploy: 'd' }))
  }
  expect(judged({})).toEqual([])
  expect(judged()).toEqual([`fail: none reads ${arn}`])
  expect(judged({ name: 'a' }, { name: 'b' })).toEqual(['fail: several read the queue: a, b'])
  const transferSpec = { ...job.transferSpec, objectConditions: { includePrefixes: ['other/'] } }
  expect(judged({ transferSpec })).toEqual(['fail: the prefix it takes is ["other/"], not ["AWSLogs/"]'])
})

describe('a subscription', () => {
  const { topic, deadLetterTopic, subscription } = bridgeNames(bridge)
  const filter = lanesOf(bridge)[0]?.filter ?? ''
  const wanted = { topic, filter, pushes: topic, deadLetters: deadLetterTopic }
  const serviceAccountEmail = 'causeway-push@causeway-example.iam.gserviceaccount.com'
  const good = {
    name: subscription,
    topic,
    filter,
    ackDeadlineSeconds: 600,
    expirationPolicy: {},
    pushConfig: { pushEndpoint: `https://load.run.app/${topic}`, oidcToken: { serviceAccountEmail } },
    deadLetterPolicy: { deadLetterTopic },
    messageRetentionDuration: { seconds: 31 * 86_400 },
  }

  test.each([
    ['as deployed', {}, []],
    [
      'anonymous',
      { pushConfig: { pushEndpoint: `https://load.run.app/${topic}` } },
      [/^fail: it signs in as nobody/],
    ],
    [
      'as somebody else',
      { pushConfig: { ...good.pushConfig, oidcToken: { serviceAccountEmail: 'other@example.com' } } },
      [/^fail: it signs in as other@example.com/],
    ],
    [
      'in the clear',
      { pushConfig: { pushEndpoint: `http://load.run.app/${topic}` } },
      [/^fail: .*without TLS/],
    ],
    ['in the clear, on this machine', { pushConfig: { pushEndpoint: `http://127.0.0.1:1/${topic}` } }, []],
    [
      'to another path',
      { pushConfig: { ...good.pushConfig, pushEndpoint: 'https://load.run.app/' } },
      [/^fail: .*does not end in/],
    ],
    ['to nobody', { pushConfig: null }, [/^fail: it pushes to nobody/]],
    ['too eager', { ackDeadlineSeconds: 10 }, [/^warn: it waits 10 s/]],
    ['of other messages', { filter: '' }, [/^fail: its filter is empty/]],
    ['with an end', { expirationPolicy: { ttl: { seconds: 2_678_400 } } }, [/^warn: it is deleted/]],
    ['of an unknown end', { expirationPolicy: null }, [/^warn: it is deleted/]],
    ['forgetful', { messageRetentionDuration: { seconds: 86_400 } }, [/^warn: it keeps messages 1 days/]],
    ['of a deleted topic', { topic: '_deleted-topic_' }, [/^fail: it is of _deleted-topic_/]],
  ])('%s', (_name, change, expected) => {
    const problems = judgeSubscription({ ...good, ...change }, wanted, bridge, 'deploy')
    expect(texts(problems)).toEqual(expected.map((one) => expect.stringMatching(one)))
  })
})

test('each landed object is announced once', () => {
  const { topic: name } = bridgeNames(bridge)
  const topic = `//pubsub.googleapis.com/${name}`
  const one = {
    topic,
    event_types: ['OBJECT_FINALIZE'],
    object_name_prefix: 's3/',
    payload_format: 'JSON_API_V1',
  }
  const judged = (...made: object[]) => texts(judgeNotifications(made, bridge, 'fix'))
  expect(judged(one)).toEqual([])
  expect(judged()).toEqual(['fail: nothing announces s3/*'])
  expect(judged({ ...one, object_name_prefix: 's3/other/' })).toEqual(['fail: nothing announces s3/*'])
  expect(judged({ ...one, payload_format: 'NONE' })).toEqual([
    expect.stringContaining('without the metadata'),
  ])
  expect(judged(one, one)).toEqual([expect.stringContaining('announced twice')])
})

test('copies of a lane that is gone are told of, with what hands them to the live lane', () => {
  const lanes = { bulk: bridge.google.function }
  const judged = (...paths: string[]) =>
    judgeLaneCopies(paths, { google: { ...bridge.google, landingBucket: 'landing', lanes } })
  expect(judged()).toEqual([])
  expect(judged('s3/lane=bulk/')).toEqual([])
  expect(judged('s3/lane=bulk/', 's3/lane=bul/')).toEqual([
    {
      state: 'warn',
      detail: expect.stringMatching(/^copies lie in s3\/lane=bul\/, and there is no such lane/),
      fix: expect.stringContaining("--no-clobber 'gs://landing/s3/lane=bul/*' gs://landing/s3/ "),
    },
  ])
})

test('a table may have more columns, not fewer and not others', () => {
  const table = rejectTable(bridge)
  const fields = table.layout.columns.map(({ name, type }) => ({
    name,
    type: type === 'INT64' ? 'INTEGER' : type,
  }))
  expect(judgeColumns([...fields, { name: 'new', type: 'STRING' }], table, 'fix')).toEqual([])
  const changed = fields
    .slice(1)
    .map((field) => (field.name === 'raw_line' ? { ...field, type: 'BYTES' } : field))
  expect(texts(judgeColumns(changed, table, 'fix'))).toEqual([
    'warn: it has no rejected_at yet',
    expect.stringMatching(/: raw_line$/),
  ])
})

test('tables made before the days of logs were changed are told, with what sets them', () => {
  const day = 86_400_000
  const named = (name: string, days?: number) => ({
    name,
    ...(days && { expirationMs: String(days * day) }),
  })
  const lasting = (logDays?: number) =>
    ({ ...bridge, google: { ...bridge.google, ...(logDays && { logDays }) } }) as typeof bridge
  // A table of nobody's source may be as it likes.
  const tables = [named('alb_a', 30), named('ecs_b', 90), named('mine', 7), named('albs', 7)]
  expect(judgeRetention([named('alb_a', 90), named('mine')], lasting(90))).toEqual([])
  expect(judgeRetention([named('alb_a')], lasting())).toEqual([])
  const [found] = judgeRetention(tables, lasting(90))
  expect(found?.detail).toMatch(/^1 made before .* such as alb_a; it should be 90 days$/)
  expect(found?.fix).toContain('REGEXP_CONTAINS(table_name, "^(alb|ecs|aws)(_|$)")')
  expect(found?.fix).toContain(
    '"ALTER TABLE logs." || t.table_name || " SET OPTIONS (partition_expiration_days = 90)"',
  )
  expect(texts(judgeRetention(tables, lasting()))).toEqual([expect.stringMatching(/^warn: 2 .* for ever$/)])
  expect(judgeRetention(tables, lasting())[0]?.fix).toContain('partition_expiration_days = NULL')
})

describe('quotas', () => {
  const web = { bucket: 'web-logs', format: 'nginx', maxTables: 200 } as const
  const planned = (
    maxInstances: number,
    { location = 'US', lanes = {}, sources = { web } as BridgeInput['sources'] } = {},
  ) =>
    defineBridge({
      aws: { region: 'us-east-1' },
      google: {
        project: 'example-project',
        location,
        landingBucket: 'a-l',
        ledgerBucket: 'a-m',
        function: { maxInstances },
        lanes,
      },
      sources,
    })
  const tables = (count: number, source = 'web') => Array.from({ length: count }, (_, n) => `${source}_${n}`)

  test('of streams: a fresh instance has one for each table soon enough', () => {
    // Of 40 a second each of 10 instances has 4: with the rejects, 480 tables take two minutes.
    expect(judgeStreams(planned(10), tables(479))).toEqual({
      state: 'pass',
      detail:
        'a fresh instance needs 120 s for streams of its 480 tables, 51 s for the 202 it may come to; ' +
        'restarts of all 10 within 10,000 streams an hour: 2',
    })
    expect(judgeStreams(planned(10), tables(480))).toMatchObject({
      state: 'warn',
      detail: expect.stringContaining('needs 121 s'),
      fix: expect.stringContaining('lower maxInstances'),
    })
    // Nothing is there yet but the rejects.
    expect(judgeStreams(planned(10), [])).toMatchObject({ state: 'pass' })
  })

  test('of streams: all instances can start within the quota of an hour', () => {
    expect(judgeStreams(planned(1), tables(4_799)).state).toBe('pass')
    const detail = (count: number) => judgeStreams(planned(1_000), tables(count)).detail
    expect(detail(9)).toMatch(/ restarts of all 1,000 within 10,000 streams an hour: 1; logs wait while/)
    expect(detail(10)).toMatch(/ an hour: 0; when all start, some wait for the next hour$/)
  })

  test('of streams: only tables of sources count, and only those of the lane with most', () => {
    const others = ['webs', 'report', 'other_1', ...tables(480, 'webs')]
    expect(judgeStreams(planned(10), [...tables(3), ...others]).detail).toContain('its 4 tables')
    expect(judgeStreams(planned(10), ['web', ...others]).detail).toContain('its 2 tables')
    const sources = { web, bulk: { ...web, bucket: 'bulk-logs', lane: 'slow' } } as const
    const apart = planned(5, { lanes: { slow: { maxInstances: 5 } }, sources })
    const { state, detail } = judgeStreams(apart, [...tables(300), ...tables(400, 'bulk')])
    expect(state).toBe('pass')
    expect(detail).toContain('its 401 tables')
    expect(detail).toContain('restarts of all 10 within')
  })

  test('of streams: as many as there may be are told beforehand', () => {
    const most = (source: BridgeInput['sources'][string]) =>
      judgeStreams(planned(10, { sources: { web: source } }), []).detail
    // Of any format there is a table for what is past the cap, or a clustered one; and rejects.
    const formats = formatNames.length
    const maxTables = 199 - formats
    expect(most({ bucket: 'web-logs', maxTables })).toContain('50 s for the 200 it may come to')
    expect(most({ bucket: 'web-logs', split: 'cluster' })).toContain(`for the ${formats + 1} it may come to`)
    expect(most({ ...web, split: 'cluster' })).toContain('for the 2 it may come to')
  })

  test('of connections: 20,000 in a multi-region, 5,000 in a region', () => {
    expect(judgeConnections(planned(100), tables(198)).state).toBe('pass')
    expect(judgeConnections(planned(100), tables(199)).state).toBe('warn')
    expect(judgeConnections(planned(100), [...tables(198), ...tables(100, 'none')]).state).toBe('pass')
    expect(judgeConnections(planned(100, { location: 'us-east4' }), tables(48)).state).toBe('pass')
    expect(judgeConnections(planned(100, { location: 'us-east4' }), tables(49)).state).toBe('warn')
  })

  test('of connections: an instance writes the tables of its lane', () => {
    const sources = { web, bulk: { ...web, bucket: 'bulk-logs', lane: 'slow' } } as const
    const apart = planned(100, { lanes: { slow: { maxInstances: 1 } }, sources })
    expect(judgeConnections(apart, [...tables(98), ...tables(500, 'bulk')]).detail).toMatch(
      /^10,502 if all 101/,
    )
  })

  test.each([
    [179, 'pass'],
    [180, 'warn'],
    [200, 'warn'],
  ])('of tables: %d of 200', (count, state) => {
    expect(judgeTables(count, 200).state).toBe(state)
  })
})

test.each([
  [0, 'pass'],
  [-59_000, 'pass'],
  [61_000, 'warn'],
  [-299_000, 'warn'],
  [301_000, 'fail'],
  [Number.NaN, 'warn'],
])('a clock that is %d ms ahead', (ahead, state) => {
  expect(judgeClock(ahead).state).toBe(state)
})

describe('freshness', () => {
  const now = Date.parse('2026-11-21T02:00:00Z')
  const hour = 3_600_000
  const judged = (seen: object) =>
    judgeFreshness(
      { last: now - hour, recent: 100, late: 0, quarantined: 0, ...seen },
      { now, source, silentHours: 6, dataset: 'causeway' },
    )

  test.each([
    ['an hour ago', {}, 'pass', /^1 h ago, 2026-11-21T01:00:00/],
    ['seven hours ago', { last: now - 7 * hour }, 'warn', /^7 h ago/],
    ['5 of 100 late', { late: 5 }, 'pass', /ago/],
    ['6 of 100 late', { late: 6 }, 'warn', /^6 of 100 .* 15 min/],
    ['one quarantined', { quarantined: 1 }, 'warn', /^1 quarantined or missing/],
    ['nothing ever', { last: undefined, recent: 0 }, 'pass', /^none/],
    [
      'nothing but quarantined',
      { last: undefined, recent: 0, quarantined: 2 },
      'warn',
      /^none.*; 2 quarantined or missing/,
    ],
  ])('%s', (_name, seen, state, detail) => {
    expect(judged(seen)).toMatchObject({ state, detail: expect.stringMatching(detail) })
  })
})
