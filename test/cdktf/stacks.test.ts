import { expect, test } from 'vitest'
import { bridgeIn } from '../../cdktf/bridge-in.ts'
import { ConfigError, defineBridge } from '../../functions/config/define-bridge.ts'
import type { BridgeInput } from '../../functions/config/schema.ts'
import { everything, type Stack, synthesise } from './synthesised.ts'

const bridge = defineBridge(everything)
const main = synthesise(bridge)
const staging = synthesise(bridgeIn(bridge, 'staging'))

/** What stands for a resource's identity in its cloud, with its type. */
function identities({ resource }: Stack): string[] {
  const naming = [
    'name',
    'bucket',
    'account_id',
    'role_id',
    'dataset_id',
    'table_id',
    'repository_id',
    'alarm_name',
  ]
  return Object.entries(resource).flatMap(([type, resources]) =>
    Object.values(resources).flatMap((attributes) =>
      naming
        .map((name) => attributes[name])
        .filter((value) => typeof value === 'string' && !value.includes('${') && value !== 'transfer')
        .map((value) => `${type} ${value}`),
    ),
  )
}

/** Tables and objects are in datasets and buckets, which differ. */
const inside = /^google_(bigquery_table|storage_bucket_object) /

test('two environments of one configuration share no name', () => {
  for (const cloud of ['aws', 'google'] as const) {
    const ours = identities(main[cloud]).filter((name) => !inside.test(name))
    expect(ours.length).toBeGreaterThan(15)
    expect(identities(staging[cloud]).filter((name) => ours.includes(name))).toEqual([])
  }
})

test('no secret is written anywhere', () => {
  expect(main.text).not.toMatch(/AKIA|ASIA|private_key|secret_access_key|"password"|BEGIN [A-Z ]*KEY/)
  for (const type of [
    'aws_iam_access_key',
    'aws_iam_user',
    'google_service_account_key',
    'google_storage_hmac_key',
  ]) {
    expect(main.text).not.toContain(type)
  }
  expect(main.text).not.toMatch(/aws_access_key|credentials_secret|"access_key"/)
})

test('everything that can be labelled is', () => {
  expect(main.aws.provider['aws']).toMatchObject([
    { default_tags: [{ tags: { app: 'causeway', bridge: 'causeway' } }] },
  ])
  expect(staging.google.provider['google']).toMatchObject([
    { default_labels: { bridge: 'causeway-staging' } },
  ])
})

test('state is kept where the configuration says, apart for each stack', () => {
  const { aws, google } = synthesise({
    ...everything,
    state: { kind: 's3', bucket: 'example-state', region: 'eu-west-1' },
  })
  expect([aws, google].map(({ terraform }) => terraform['backend'])).toEqual([
    {
      s3: expect.objectContaining({
        bucket: 'example-state',
        key: 'causeway/causeway-aws.tfstate',
        encrypt: true,
      }),
    },
    { s3: expect.objectContaining({ key: 'causeway/causeway-google.tfstate' }) },
  ])
  const gcs = synthesise({ ...everything, state: { kind: 'gcs', bucket: 'example-state' } })
  expect(gcs.google.terraform['backend']).toEqual({
    gcs: { bucket: 'example-state', prefix: 'causeway/causeway-google' },
  })
  expect(main.aws.terraform['backend']).toHaveProperty('local')
})

function faultsOf(input: BridgeInput): readonly string[] {
  try {
    defineBridge(input)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

test('every fault of a deployment is told at once', () => {
  const faults = faultsOf({
    ...everything,
    google: {
      ...everything.google,
      region: 'us-east1',
      ledgerDays: 60,
      landingDays: 50,
      lanes: { live: {} },
    },
    sources: {
      ...everything.sources,
      alb: { bucket: 'example-alb', format: 'alb', makeBucket: true, notification: 'eventbridge' },
      web: { bucket: 'example-web', format: 'json-lines', prefix: 'a/', lane: 'none' },
      more: { bucket: 'example-web', format: 'json-lines', prefix: 'b/', makeBucket: true },
    },
  })
  expect(faults.map((fault) => fault.slice(0, fault.indexOf(':')))).toEqual([
    'google.region',
    'google.lanes.live',
    'sources.web.lane',
    'sources.old.lane',
    'sources.alb.notification',
    'sources.more.makeBucket',
    'google.ledgerDays',
    expect.stringMatching(/^environments\.staging\./),
  ])
})

test('environments that would meet are refused', () => {
  const faults = faultsOf({ ...everything, environments: { staging: { name: 'causeway' } } })
  expect(faults.map((fault) => fault.slice(0, fault.indexOf(':')))).toEqual([
    'environments.staging.name',
    'environments.staging.google.landingBucket',
    'environments.staging.google.ledgerBucket',
    'environments.staging.dataset',
    'environments.staging.stateDataset',
    'environments.staging.sources.alb.bucket',
    'environments.staging.sources.old.bucket',
  ])
})

test('an environment that is not there is refused, with those that are', () => {
  expect(() => bridgeIn(bridge, 'prod')).toThrow('there are: staging')
})

test.each(['aws', 'google'] as const)('%s as it was', async (cloud) => {
  const stack = JSON.stringify(main[cloud], (key, value) => (key === '//' ? undefined : value), 1)
    // Where this checkout is, and what the function's archive holds.
    .replaceAll(/"[^"]*terraform\.causeway-/g, '"terraform.causeway-')
    .replaceAll(/[0-9A-F]{32}/g, '<hash>')
  await expect(stack).toMatchFileSnapshot(`./snapshots/${cloud}.snap`)
})
