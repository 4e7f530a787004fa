import { expect, test } from 'vitest'
import { appFinder } from '../../functions/split/app-of.ts'

const alb = { format: 'alb', defaultApp: 'unknown' } as const

test.each([
  ['app/checkout/0a1b2c3d4e5f6071', 'checkout'],
  ['net/edge/0a1b', 'edge'],
  ['classic-balancer', 'classic-balancer'],
  [undefined, 'unknown'],
])('the load balancer %s is the app %s', (elb, app) => expect(appFinder(alb, 'any/key').find(elb)).toBe(app))

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
  expect([finder.find(undefined), finder.find('app/checkout/1')]).toEqual([app, app])
})

test('an expression with state finds the same every time', () => {
  for (const flags of ['g', 'y', 'gy']) {
    const { find } = appFinder(
      { ...alb, app: { field: 'elb', match: new RegExp('app/([^/]+)', flags) } },
      'k',
    )
    expect(['app/a/1', 'app/b/1', 'app/a/2', 'app/b/2'].map(find)).toEqual(['a', 'b', 'a', 'b'])
  }
})

test('more apps than are remembered are found all the same', () => {
  const { find } = appFinder(alb, 'k')
  for (let turn = 0; turn < 2; turn++)
    for (let app = 0; app < 10_100; app += 1) expect(find(`app/name${app}/id`)).toBe(`name${app}`)
})
