import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../scripts/random.ts'
import { spawnCommand } from '../bridge/command-process.ts'
import { type Operated, startOperated } from './operated.ts'

const bucket = 'example-exports'
const sources = (fields: readonly string[]) => ({
  exports: { bucket, format: 'csv' as const, header: false, fields: [...fields] },
})
/** Lines of two values are rows from the beginning, those of three once there are three fields, those of four never. */
const lines = ['1,x', '2,x,y', '3,x', '4,x,y,z', '5,x,y', '6,x']
const files = 12

let operated: Operated
beforeAll(async () => {
  operated = await startOperated(sources(['id', 'a']))
  const { client } = operated
  for (let file = 0; file < files; file++)
    await client.put(bucket, `file-${file}.csv`, lines.map((line) => `${file}-${line}\n`).join(''))
  await client.queryUntil('SELECT COUNT(*) AS n FROM causeway.objects', ([row]) => row?.['n'] === files)
}, 120_000)
afterAll(() => operated.stop())

const replay = (...args: string[]) => operated.causeway('replay', '--rejects', ...args)

async function ids(): Promise<unknown[]> {
  const rows = await operated.client.query(
    "SELECT JSON_VALUE(rest, '$.id') AS id, source_line FROM `logs.exports_*` ORDER BY id",
  )
  return rows.map(({ id, source_line }) => `${id} ${source_line}`)
}
const expected = (wanted: readonly number[]) =>
  Array.from({ length: files }, (_, file) => wanted.map((line) => `${file}-${line} ${line}`))
    .flat()
    .sort()

test('before anything is mended, no line is a row', async () => {
  const plan = await replay('--json')
  expect([plan.code, JSON.parse(plan.stdout).plan]).toEqual([
    1,
    { 'rejected lines': 3 * files, 'objects to read again': files },
  ])
  const tried = await replay('--json', '--yes', '--prefix', `s3://${bucket}/file-1.csv`)
  expect([tried.code, JSON.parse(tried.stdout).figures]).toEqual([
    1,
    { 'lines read again': 3, 'rows now': 0, 'left out on purpose': 0, 'rejects still': 3 },
  ])
  expect(await ids()).toEqual(expected([1, 3, 6]))
})

test('mended, each line that is a row now is loaded once, however often the command is killed', async () => {
  await operated.restart(sources(['id', 'a', 'b']))
  const random = seededRandom(3)
  for (let kill = 0; kill < 3; kill++) {
    const child = spawnCommand([...operated.options, 'replay', '--rejects', '--yes'])
    const ended = once(child, 'exit')
    await Promise.race([ended, wait(1_200 + random() * 2_000)])
    child.kill('SIGKILL')
    await ended
  }
  const done = await replay('--yes')
  expect([done.code, done.stderr]).toEqual([1, expect.stringContaining('1 lines are rejects still')])
  expect(await ids()).toEqual(expected([1, 2, 3, 5, 6]))
  const left = await replay('--json')
  expect(JSON.parse(left.stdout).plan).toEqual({ 'rejected lines': files, 'objects to read again': files })
  const { client } = operated
  const [kept] = await client.query('SELECT COUNT(*) AS n FROM causeway.rejects')
  const [marked] = await client.query('SELECT COUNT(*) AS n FROM causeway.resolved_rejects')
  expect([kept, marked]).toEqual([{ n: 3 * files }, { n: 2 * files }])
}, 180_000)

test('what was replayed is no difference to reconcile, and its objects are as they were', async () => {
  const reconciled = await operated.causeway('reconcile', '--from', '1h', '--to', '0m', '--json')
  expect([reconciled.code, JSON.parse(reconciled.stdout).plan]).toEqual([0, { 'as they should be': files }])
  expect(
    await operated.client.query('SELECT DISTINCT outcome, rows_written, rows_rejected FROM causeway.objects'),
  ).toEqual([{ outcome: 'committed', rows_written: 3, rows_rejected: 3 }])
})
