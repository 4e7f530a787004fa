import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grantsOf } from '../cdktf/grants-of.ts'
import { all, synthesise } from '../cdktf/synthesised.ts'
import bridge from './evolving.config.ts'
import { startTestBridge, type TestBridge } from './local-bridge.ts'

const stacks = synthesise({
  ...bridge,
  google: { ...bridge.google, hashKeySecret: 'hash-key' },
})
const grants = grantsOf(stacks.google)
const [bucket = ''] = bridge.sources.map((source) => source.bucket)
const landing = `buckets/${bridge.google.landingBucket}`

/** What the stack grants to one account, each as `<resource> <permission>`. */
function grantedTo(who: string): string[] {
  const own = grants.filter((grant) => grant.who === who)
  return [...new Set(own.flatMap(({ on, permissions }) => permissions.map((one) => `${on} ${one}`)))].sort()
}

/** Granted, and not called for in the run below: each with its reason. */
const unused = {
  load: {
    [`${landing} storage.objects.list`]: 'an object that is gone is told as gone, and not as forbidden',
    'datasets/causeway bigquery.tables.create': 'a table that somebody deleted is made again',
    'datasets/causeway bigquery.tables.get': 'one role for both datasets',
    'datasets/causeway bigquery.tables.list': 'one role for both datasets',
    'datasets/causeway bigquery.tables.update': 'one role for both datasets',
  },
  transfer: {
    [`${landing} storage.buckets.get`]: "asked by the service before it copies, says Google's page",
  },
  aws: {
    's3:ListBucket': 'an object that is gone is told as gone, and not as forbidden',
    's3:GetBucketLocation': "asked by the service before it copies, says Google's page",
    'sqs:ChangeMessageVisibility': 'a copy that takes longer than a message is hidden for',
  },
}

/** The transfer's calls in AWS. The uploads are those of this test. */
const awsActions: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObject',
  ReceiveMessage: 'sqs:ReceiveMessage',
  DeleteMessage: 'sqs:DeleteMessage',
  ChangeMessageVisibility: 'sqs:ChangeMessageVisibility',
}

let local: TestBridge
beforeAll(async () => {
  local = await startTestBridge(bridge, { configPath: join(import.meta.dirname, 'evolving.config.ts') })
  const { load, transfer } = local.bridge.accounts
  const put = async (key: string, body: object | Buffer, outcomes: readonly string[]) => {
    await local.put(
      bucket,
      key,
      Buffer.isBuffer(body) ? body : `${JSON.stringify({ app: 'web', ...body })}\n`,
    )
    await local.queryUntil(
      'SELECT outcome FROM causeway.objects ORDER BY outcome',
      (rows) =>
        [load, transfer].some((account) => account.refused().length > 0) ||
        outcomes.every((outcome, index) => rows[index]?.['outcome'] === outcome),
    )
  }
  await put('one', { a: 1 }, ['committed'])
  await put('a new column', { b: 2 }, ['committed', 'committed'])
  await put('a new column', { b: 3 }, ['committed', 'committed', 'committed'])
  const damaged = Buffer.from([0x1f, 0x8b, 8, 1])
  await put('dead letter.gz', damaged, ['committed', 'committed', 'committed', 'quarantined'])
}, 120_000)
afterAll(() => local?.stop())

describe.each(['load', 'transfer'] as const)('the account of %s', (name) => {
  const who = name === 'load' ? 'causeway-load' : 'transfer-agent'

  test('is refused here whatever the stack does not grant', () => {
    const here = local.bridge.accounts[name].grants.flatMap(({ on, permissions }) =>
      permissions.map((permission) => `${on} ${permission}`),
    )
    expect([...new Set(here)].sort()).toEqual(grantedTo(who).filter((one) => /^(buckets|datasets)/.test(one)))
  })

  test('needs what it is granted, and is granted what it needs', () => {
    const { [name]: account } = local.bridge.accounts
    const needed = account.needed()
    const granted = grantedTo(who).filter((one) => /^(buckets|datasets)/.test(one))
    expect(account.refused()).toEqual([])
    expect(needed.filter((one) => !granted.includes(one))).toEqual([])
    expect(granted.filter((one) => !needed.includes(one))).toEqual(Object.keys(unused[name]).sort())
  })
})

test('the role in AWS allows what the transfer called there', () => {
  const policy = JSON.parse(String(Object.values(all(stacks.aws, 'aws_iam_role_policy'))[0]?.['policy']))
  const allowed: string[] = policy.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action)
  const { s3 = {}, sqs = {} } = local.bridge.calls()
  const { PutObject: _, ...calls } = { ...s3, ...sqs }
  const needed = Object.keys(calls).map((call) => awsActions[call] ?? call)
  expect(needed.filter((action) => !allowed.includes(action))).toEqual([])
  expect(allowed.filter((action) => !needed.includes(action)).sort()).toEqual(Object.keys(unused.aws).sort())
})

/**
 * What is done by Google's own services, and what for; what comes with the role on top. No stand-in looks at these.
 * https://cloud.google.com/pubsub/docs/access-control, /run/docs/authenticating/service-to-service,
 * /pubsub/docs/authenticate-push-subscriptions, /functions/docs/securing/build-custom-sa, /secret-manager/docs/access-control [2026-11]
 */
const byGoogle: Readonly<Record<string, { readonly needed: string[]; readonly onTop?: string[] }>> = {
  'storage-agent topics/causeway-landed': { needed: ['pubsub.topics.publish'] },
  'pubsub-agent topics/causeway-dead-letters': { needed: ['pubsub.topics.publish'] },
  'pubsub-agent subscriptions/causeway-load': {
    needed: ['pubsub.subscriptions.consume'],
    onTop: ['pubsub.snapshots.seek', 'pubsub.topics.attachSubscription'],
  },
  'pubsub-agent accounts/causeway-push': { needed: ['iam.serviceAccounts.getOpenIdToken'] },
  'causeway-push services/causeway-load': { needed: ['run.routes.invoke'], onTop: ['run.jobs.run'] },
  'causeway-load secrets/hash-key': { needed: ['secretmanager.versions.access'] },
  'causeway-build buckets/causeway-example-causeway-source': {
    needed: ['storage.objects.get'],
    onTop: ['storage.objects.list'],
  },
  'causeway-build repositories/causeway-functions': {
    needed: [
      'artifactregistry.repositories.downloadArtifacts',
      'artifactregistry.repositories.uploadArtifacts',
    ],
  },
  // Reading is for the bucket that Cloud Functions copies the source to, by a condition.
  'causeway-build project': {
    needed: ['logging.logEntries.create', 'storage.objects.get'],
    onTop: ['logging.logEntries.route', 'storage.objects.list'],
  },
}

test('each of the other bindings is for something that is done', () => {
  const measured = ({ who, on }: { who: string; on: string }) =>
    ['causeway-load', 'transfer-agent'].includes(who) && /^(buckets|datasets)/.test(on)
  const permissions = new Map<string, string[]>()
  for (const grant of grants.filter((one) => !measured(one))) {
    const name = `${grant.who} ${grant.on}`
    permissions.set(name, [...(permissions.get(name) ?? []), ...grant.permissions].sort())
  }
  const wanted = Object.entries(byGoogle).map(
    ([name, { needed, onTop = [] }]) => [name, [...needed, ...onTop].sort()] as const,
  )
  expect(permissions).toEqual(new Map(wanted))
})

test('nobody may read a row, or delete one, a table or a dataset', () => {
  const granted = grants.flatMap(({ permissions }) => permissions)
  expect(granted.filter((one) => /^bigquery.*(getData|export|delete|jobs)/i.test(one))).toEqual([])
})
