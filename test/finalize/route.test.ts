import { expect, test } from 'vitest'
import { defineBridge } from '../../functions/config/define-bridge.ts'
import { route } from '../../functions/finalize/route.ts'

const bridge = defineBridge({
  aws: { region: 'us-east-1' },
  google: {
    project: 'example-project',
    location: 'US',
    landingBucket: 'example-landing',
    ledgerBucket: 'example-ledger',
  },
  sources: {
    alb: { bucket: 'example-logs', prefix: 'AWSLogs/', suffix: '.gz', format: 'alb' },
    ecs: { bucket: 'example-logs', prefix: 'ecs/', format: 'json-lines' },
    all: { bucket: 'example-more', format: 'json-lines' },
    gz: { bucket: 'example-ends', suffix: '.gz', format: 'alb' },
    logs: { bucket: 'example-ends', prefix: 'a/', suffix: '.log', format: 'json-lines' },
    any: { bucket: 'example-any' },
    json: { bucket: 'example-json', suffix: '.json', format: 'json-lines' },
    one: { bucket: 'example-one', prefix: 'a/2026-11-20T01-00Z/manifest.json', format: 'json-lines' },
  },
})

test.each([
  ['example-logs', 'AWSLogs/1/a.log.gz', 'source', 'alb'],
  ['example-logs', 'AWSLogs/1/a.log', 'excluded', 'alb'],
  ['example-logs', 'AWSLogs/', 'excluded', 'alb'],
  ['example-logs', 'awslogs/1/a.log.gz', 'none', undefined],
  ['example-logs', 'ecs/a', 'source', 'ecs'],
  ['example-logs', 'other/a', 'none', undefined],
  ['example-more', 'AWSLogs/1/a.log.gz', 'source', 'all'],
  ['example-none', 'ecs/a', 'none', undefined],
  // Two sources read that place, told apart by suffix: neither takes the last, and the nearer one is named.
  ['example-ends', 'a/1.gz', 'source', 'gz'],
  ['example-ends', 'a/1.log', 'source', 'logs'],
  ['example-ends', 'b/1.log', 'excluded', 'gz'],
  ['example-ends', 'a/1.txt', 'excluded', 'logs'],
])('%s/%s: %s %s', (bucket, key, kind, name) => {
  const found = route(bridge, { bucket, key })
  expect([found.kind, found.kind === 'none' ? undefined : found.source.name]).toEqual([kind, name])
})

const account = 'web/AWSLogs/123456789012'
const notLogs = [
  `${account}/ELBAccessLogTestFile`,
  `${account}/ELBConnectionLogTestFile`,
  `${account}/ELBHealthCheckLogTestFile`,
  'aws-logs-write-test',
  'exports/aws-logs-write-test',
  `${account}/Config/ConfigWritabilityCheckFile`,
  'mail/AMAZON_SES_SETUP_NOTIFICATION',
  'aws-programmatic-access-test-object',
  'inv/shop/all/2026-11-20T01-00Z/manifest.json',
  'inv/shop/all/2026-11-20T01-00Z/manifest.checksum',
  'inv/shop/all/hive/dt=2026-11-20-01-00/symlink.txt',
  'cur/daily/20261101-20261201/daily-Manifest.json',
  'cur/daily/20261101-20261201/0a1b2c3d/daily-Manifest.json',
  'cur/daily/20261101-20261201/0a1b2c3d/daily-RedshiftManifest.json',
  'cur/daily/20261101-20261201/0a1b2c3d/daily-RedshiftCommands.sql',
  'cur/daily/20261101-20261201/daily-create-table.sql',
  'cur/daily/daily/crawler-cfn.yml',
  'cur/daily/daily/cost_and_usage_data_status/cost_and_usage_data_status.parquet',
  'exports/cur2/metadata/BILLING_PERIOD=2026-11/cur2-Manifest.json',
  'ddb/AWSDynamoDB/01234567890123-0a1b2c3d/manifest-summary.json',
  'ddb/AWSDynamoDB/01234567890123-0a1b2c3d/manifest-files.md5',
  'ddb/AWSDynamoDB/01234567890123-0a1b2c3d/_started',
  'q/0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f.csv.metadata',
  'q/0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f.txt.metadata',
  'q/0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f-manifest.csv',
  'out/day=1/_SUCCESS',
  '_temporary/0/task_1/part-0.json',
  'out/_temporary/0/task_1/part-0.json',
  'out/.part-00000.json.crc',
  'out/day=1_$folder$',
]

test.each(notLogs)('%s is passed over', (key) => {
  const found = route(bridge, { bucket: 'example-any', key })
  expect(found).toMatchObject({ kind: 'passed_over', source: { name: 'any' } })
  expect(found.kind === 'passed_over' && found.what).toMatch(/^an? /)
})

test.each([
  'manifest.json',
  'app/manifest.json',
  'app/2026-11-20/manifest.json',
  'app/deploy-Manifest.json',
  'app/symlink.txt',
  'app/ELBAccessLogTestFile.log',
  'app/ELBAccessLogTestFile/1.log',
  'app/aws-logs-write-test-2/1.log',
  'app/_SUCCESS.log',
  'app/not_temporary/1.log',
  'app/checksums.crc',
  'app/service.metadata',
  'app/a_$folder$/1.log',
  'q/0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f.csv',
  'inv/shop/all/data/0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f.csv.gz',
  `${account}/elasticloadbalancing/eu-west-1/2026/11/20/x.log.gz`,
])('%s is not', (key) => expect(route(bridge, { bucket: 'example-any', key }).kind).toBe('source'))

test('whatever suffix or format its source names', () => {
  const key = 'inv/shop/all/2026-11-20T01-00Z/manifest.json'
  expect(route(bridge, { bucket: 'example-json', key }).kind).toBe('passed_over')
  expect(route(bridge, { bucket: 'example-ends', key: `a/${key}` }).kind).toBe('excluded')
})

test('but not where a prefix is its whole key, which says that it is wanted', () => {
  const key = 'a/2026-11-20T01-00Z/manifest.json'
  expect(route(bridge, { bucket: 'example-one', key })).toMatchObject({
    kind: 'source',
    source: { name: 'one' },
  })
})
