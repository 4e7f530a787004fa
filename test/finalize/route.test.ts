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
