import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Operated, startOperated } from './operated.ts'

const bucket = 'example-logs'
let operated: Operated

const line = (n: number, field: string) =>
  JSON.stringify({
    time: `2026-11-20T1${n % 2}:00:0${n % 10}Z`,
    app: n % 3 ? 'cart' : 'pay',
    level: 'INFO',
    [field]: `it's ${n}`,
  })
const lines = (numbers: readonly number[], field = 'message') =>
  numbers.map((n) => `${line(n, field)}\n`).join('')
const all = Array.from({ length: 12 }, (_, n) => n)

beforeAll(async () => {
  operated = await startOperated({
    ours: { bucket, prefix: 'ours/', format: 'json-lines' },
    same: { bucket, prefix: 'same/', format: 'json-lines' },
    less: { bucket, prefix: 'less/', format: 'json-lines' },
    named: { bucket, prefix: 'named/', format: 'json-lines' },
  })
  const { put } = operated.client
  await put(bucket, 'ours/1.log', lines(all))
  await put(bucket, 'same/1.log', lines(all.toReversed().slice(0, 7)))
  await put(bucket, 'same/2.log', lines(all.toReversed().slice(7)))
  // Two rows of one hour and app stand twice, for two that are not there: the numbers are the same.
  await put(bucket, 'less/1.log', lines(all.map((n) => (n === 4 ? 2 : n === 7 ? 1 : n))))
  await put(bucket, 'named/1.log', lines(all, 'logger'))
  await operated.client.queryUntil('SELECT COUNT(*) AS n FROM causeway.objects', ([row]) => row?.['n'] === 5)
}, 120_000)
afterAll(() => operated.stop())

const verify = (...args: string[]) => operated.causeway('verify', 'ours', '--from', '2026-11-20', ...args)

test('the same rows in another order, and in other files', async () => {
  const { code, stdout } = await verify('--against', 'logs.same_*')
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining('12 rows and 12, in 4 hours of an app: the same'),
  ])
})

test('where they differ is said, with rows of it', async () => {
  const { code, stdout, stderr } = await verify('--against', 'logs.less_*', '--json')
  expect([code, stderr]).toEqual([1, ''])
  const { different } = JSON.parse(stdout)
  expect(different).toMatchObject([
    { hour: '2026-11-20 10:00', app: 'cart', ours: 4, theirs: 4 },
    { hour: '2026-11-20 11:00', app: 'cart', ours: 4, theirs: 4 },
  ])
  expect(different[0].examples).toMatchObject([
    { ours: 1, theirs: 2, row: { message: "it's 2", level: 'INFO', trace_id: null } },
    { ours: 1, theirs: 0, row: { message: "it's 4" } },
  ])
  const shown = await verify('--against', 'logs.less_*')
  expect(shown.stdout).toMatch(
    /2 differ[\s\S]*2026-11-20 10:00 +cart +4 +4\n[\s\S]*1 here, 2 there: \{.*"message":"it's 2"/,
  )
})

test('rows that only one side has', async () => {
  const { stdout } = await verify('--against', 'logs.less_pay', '--json')
  expect(JSON.parse(stdout).different).toMatchObject([
    { app: 'cart', ours: 4, theirs: 0 },
    { app: 'cart', ours: 4, theirs: 0 },
  ])
})

test('columns of other names', async () => {
  expect((await verify('--against', 'logs.named_*')).code).toBe(1)
  const mapped = await verify('--against', 'logs.named_*', '--map', 'message=logger')
  expect([mapped.code, mapped.stdout]).toEqual([0, expect.stringContaining('message=logger')])
})

test.each([
  [['--against', 'logs.nothing'], 'there is no table logs.nothing'],
  [['--against', 'logs.x`; DROP'], 'is no table: give dataset.table'],
  [['--against', 'logs.same_*', '--map', 'message=nowhere'], 'has no column nowhere'],
  [['--against', 'logs.same_*', '--to', 'soon'], '--to takes a day'],
])('%j cannot run', async (args, fault) => {
  const { code, stderr } = await verify(...args)
  expect([code, stderr]).toEqual([2, expect.stringContaining(fault)])
})
