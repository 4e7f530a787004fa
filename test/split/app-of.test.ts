import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { appFinder } from '../../functions/split/shape/app-of.ts'
import { anySource, readObject, sourceOf } from './read-object.ts'

const alb = { format: 'alb', defaultApp: 'unknown' } as const

test.each([
  ['app/checkout/0a1b2c3d4e5f6071', 'checkout'],
  ['net/edge/0a1b', 'edge'],
  ['classic-balancer', 'classic-balancer'],
  [undefined, 'unknown'],
])('the load balancer %s is the app %s', (elb, app) =>
  expect(appFinder(alb, 'any/key').nameOf(elb)).toBe(app),
)

test.each([
  [/team-(\w+)\//, 'logs/team-pay/x.log', 'pay'],
  [/team-\w+/, 'logs/team-pay/x.log', 'team-pay'],
  [/(?:a-(\w+)|b-(\w+))\//, 'b-two/x', 'two'],
  [/team-(\w*)\//, 'team-/x', 'unknown'],
  [/x*/, 'logs/none', 'unknown'],
  [/nowhere/, 'logs/none', 'unknown'],
])('%s on the key %s gives %s', (key, objectKey, app) => {
  const finder = appFinder({ ...alb, app: { key } }, objectKey)
  expect(finder.fields).toEqual([])
  expect([finder.nameOf(undefined), finder.nameOf('app/checkout/1')]).toEqual([app, app])
})

test('an expression with state finds the same every time', () => {
  for (const flags of ['g', 'y', 'gy']) {
    const { nameOf } = appFinder(
      { ...alb, app: { field: 'elb', match: new RegExp('app/([^/]+)', flags) } },
      'k',
    )
    expect(['app/a/1', 'app/b/1', 'app/a/2', 'app/b/2'].map(nameOf)).toEqual(['a', 'b', 'a', 'b'])
  }
})

test('more apps than are remembered are found all the same', () => {
  const { nameOf } = appFinder(alb, 'k')
  for (let turn = 0; turn < 2; turn++)
    for (let app = 0; app < 10_100; app += 1) expect(nameOf(`app/name${app}/id`)).toBe(`name${app}`)
})

test.each([
  [
    'cloudfront',
    'c_country',
    ['#Fields: date time c-country', '2026-11-20\t10:15:00\tNL', '2026-11-20\t10:15:00\t-'],
    ['#Fields: c-ip', '192.0.2.7'],
  ],
  ['vpc-flow', 'az_id', ['az-id start', 'use1-az1 1795169700', '- 1795169700'], ['start', '1795169700']],
] as const)('%s has its app in a column some files name: %s', async (format, field, named, unnamed) => {
  const source = sourceOf({ format, app: { field } })
  const appsOf = async (lines: readonly string[]) => {
    const { rows, rejects } = await readObject(source, lines.join('\n'))
    return [...rows.map((row) => row['app']), ...rejects]
  }
  const [value = ''] = named[1].match(/NL|use1-az1/) ?? []
  expect(await appsOf(named)).toEqual([value, 'unknown'])
  expect(await appsOf(unnamed)).toEqual(['unknown'])
})

test('a flow log whose fields the source names has its app in any of them', async () => {
  const source = sourceOf({ format: 'vpc-flow', fields: ['az-id', 'start'], app: { field: 'az_id' } })
  const { rows } = await readObject(source, 'use1-az1 1795169700\n')
  expect(rows).toMatchObject([{ app: 'use1-az1', az_id: 'use1-az1' }])
})

test.each([
  ['a column it has', 'elb_status_code', '200'],
  ['a column of other formats', 'log_group', 'unknown'],
  ['a list', 'actions_executed', 'unknown'],
  ['a column of another type', 'target_processing_time', 'unknown'],
])('a source of any format may name %s', async (_, field, app) => {
  const content = readFileSync(new URL('../fixtures/alb.log', import.meta.url))
  for (const filter of [undefined, () => true]) {
    const { rows } = await readObject({ ...anySource, app: { field }, ...(filter && { filter }) }, content)
    expect(rows[0]).toMatchObject({ app })
  }
})

test.each(['userIdentity.accountId', 'useridentity.accountId'])(
  'an app within a column: %s',
  async (field) => {
    const event = {
      eventVersion: '1.08',
      eventTime: '2026-11-20T10:15:00Z',
      userIdentity: { accountId: '7' },
    }
    const { rows } = await readObject(
      sourceOf({ format: 'cloudtrail', app: { field } }),
      JSON.stringify(event),
    )
    expect(rows).toMatchObject([{ app: '7' }])
  },
)

test.each([
  ['waf.log', 'timestamp'],
  ['vpc-flow.log', 'start'],
  ['cloudwatch-logs.log', 'timestamp'],
])('%s has no apps by %s, a time', async (file, field) => {
  const content = readFileSync(new URL(`../fixtures/${file}`, import.meta.url))
  const { rowsByApp } = await readObject({ ...anySource, app: { field } }, content)
  expect(Object.keys(rowsByApp)).toEqual(['unknown'])
})
