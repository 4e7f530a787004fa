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
  },
})

test.each([
  ['example-logs', 'AWSLogs/1/a.log.gz', 'alb'],
  ['example-logs', 'AWSLogs/1/a.log', undefined],
  ['example-logs', 'awslogs/1/a.log.gz', undefined],
  ['example-logs', 'ecs/a', 'ecs'],
  ['example-logs', 'other/a', undefined],
  ['example-more', 'AWSLogs/1/a.log.gz', 'all'],
  ['example-none', 'ecs/a', undefined],
])('%s/%s goes to %s', (bucket, key, name) => {
  expect(route(bridge, { bucket, key, etag: 'e' })?.name).toBe(name)
})
