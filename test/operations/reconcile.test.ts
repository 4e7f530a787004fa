import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../scripts/random.ts'
import { spawnCommand } from '../bridge/command-process.ts'
import { drawObjects, type Fate, keysIn, makeDrift, type Put } from './drift.ts'
import { type Operated, startOperated } from './operated.ts'

/** Ten thousand take five minutes: so many show the same in a gate. */
const count = 120
const seed = 1
const kills = 2

const bucket = 'example-logs'
const sources = (flows: { readonly format?: 'text' }) => ({
  flows: { bucket, prefix: 'AWSLogs/', ...flows },
  texts: { bucket, prefix: 'logs/', format: 'text' as const },
})

let directory: string
let operated: Operated

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'causeway-reconcile-'))
  operated = await startOperated(sources({}))
}, 60_000)
afterAll(async () => {
  await operated.stop()
  await rm(directory, { recursive: true, force: true })
})

/** What is said of each fate. */
const expected: Readonly<Partial<Record<Fate, string>>> = {
  dropped: 'not_announced',
  lost: 'copy_lost',
  unnotified: 'not_notified',
  deleted: 'gone',
  poison: 'quarantined',
}
const window = ['--from', '1h', '--to', '0m']

async function differences(...options: string[]): Promise<string[]> {
  const out = join(directory, 'differences.ndjson')
  const result = await operated.causeway('reconcile', ...window, '--out', out, ...options)
  expect(result.stderr).toBe('')
  const lines = (await readFile(out, 'utf8')).split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line)).map(({ key, cause }) => `${key} ${cause}`)
}

test(`of ${count} objects, each that is not where it should be is named, and mended`, async () => {
  const objects = drawObjects(seed, count, bucket)
  const pausing = async (command: string) => {
    for (const source of ['flows', 'texts'])
      expect((await operated.causeway(command, source, '--yes')).code).toBe(0)
  }
  await makeDrift(operated.bridge, operated.clients, objects, {
    pause: () => pausing('pause'),
    resume: () => pausing('resume'),
  })
  const arrived = objects.filter(({ fate }) => ['loaded', 'twice', 'poison'].includes(fate))
  await everyOneOnRecord(arrived.length)

  const wanted = objects.flatMap(({ key, fate }) => (expected[fate] ? [`${key} ${expected[fate]}`] : []))
  const startedAt = performance.now()
  expect((await differences()).sort()).toEqual(wanted.sort())

  // Some before it has compared, some while it mends.
  const compared = performance.now() - startedAt
  const random = seededRandom(seed)
  for (let kill = 0; kill < kills; kill++)
    await killedAfter(random() * (compared + 2_000), 'reconcile', ...window)
  const mended = await operated.causeway('reconcile', ...window, '--yes', '--json')
  const stillPoison = objects.filter(({ fate }) => fate === 'poison')
  expect(JSON.parse(mended.stdout)).toMatchObject({ figures: { 'still left': stillPoison.length } })
  expect(mended.code).toBe(1)
  expect((await differences()).sort()).toEqual(stillPoison.map(({ key }) => `${key} quarantined`).sort())

  await operated.restart(sources({ format: 'text' }))
  for (let kill = 0; kill < kills; kill++) await killedAfter(800 + random() * 2_500, 'replay')
  expect((await operated.causeway('replay', '--yes')).code).toBe(0)
  expect(await differences()).toEqual([])
  await expectEachLineOnce(objects)
  expect(
    await operated.client.query(`SELECT outcome, reason FROM causeway.objects WHERE outcome != 'committed'`),
  ).toEqual(
    objects
      .filter(({ fate }) => fate === 'deleted')
      .map(() => ({ outcome: 'missing', reason: 'object_missing' })),
  )
  const [written] = await operated.client.query(
    `SELECT difference_count - repaired AS not_repaired, left_over FROM causeway.reconciliations
    ORDER BY finished_at DESC LIMIT 1`,
  )
  expect(written).toEqual({ not_repaired: stillPoison.length, left_over: stillPoison.length })
}, 900_000)

async function everyOneOnRecord(wanted: number): Promise<void> {
  for (let n = -1; n !== wanted; ) {
    const [row] = await operated.client.query('SELECT COUNT(*) AS n FROM causeway.objects').catch(() => [])
    n = Number(row?.['n'])
    await wait(250)
  }
}

/** Begins to mend, and is killed after so many milliseconds. */
async function killedAfter(milliseconds: number, ...command: string[]): Promise<void> {
  const child = spawnCommand([...operated.options, ...command, '--yes'])
  const ended = once(child, 'exit')
  await Promise.race([ended, wait(milliseconds)])
  child.kill('SIGKILL')
  await ended
}

async function expectEachLineOnce(objects: readonly Put[]): Promise<void> {
  const there = await keysIn(operated.clients, bucket)
  const rows = await operated.client.query(
    'SELECT source_uri, COUNT(*) AS n, COUNT(DISTINCT source_line) AS lines FROM `logs.*` GROUP BY source_uri',
  )
  const found = rows.map(({ source_uri, n, lines }) => `${source_uri} ${n} ${lines}`)
  const wanted = objects
    .filter(({ key }) => there.has(key))
    .map(({ key, lines }) => `s3://${bucket}/${key} ${lines} ${lines}`)
  expect(found.sort()).toEqual(wanted.sort())
}
