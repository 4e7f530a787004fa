import { expect, test } from 'vitest'
import { objectHash } from '../../functions/commit/ledger.ts'
import type { FailureCode } from '../../functions/model/failure.ts'
import { seededRandom } from '../../scripts/random.ts'
import { check } from '../../scripts/simulate/check.ts'
import { checkAcknowledged } from '../../scripts/simulate/check-acknowledged.ts'
import { messagesOf } from '../../scripts/simulate/delivery.ts'
import type { SimulatedObject } from '../../scripts/simulate/draw-object.ts'
import { LandingBucket } from '../../scripts/simulate/landing-bucket.ts'
import { LedgerServer } from '../../scripts/simulate/ledger-server.ts'
import { Process } from '../../scripts/simulate/process.ts'
import { thisRevision } from '../../scripts/simulate/revision.ts'
import { drawScenario } from '../../scripts/simulate/scenario.ts'
import { calm } from '../../scripts/simulate/weather.ts'
import { World } from '../../scripts/simulate/world.ts'
import { WriteServer } from '../../scripts/simulate/write-server.ts'

const good = ['sim/log-0/a/1', 'sim/log-0/a/2']
const object: SimulatedObject = {
  source: 'sim',
  key: 'log-0',
  etag: 'a',
  body: Buffer.from('{}'),
  fate: 'loads',
  good,
  bad: [],
  lines: 2,
}

interface Left {
  /** Tokens that can be queried. */
  readonly lines?: readonly string[]
  readonly sealed?: boolean
  /** Outcomes on record. */
  readonly records?: readonly ('committed' | 'missing')[]
  readonly expired?: boolean
  readonly fate?: SimulatedObject['fate']
}

/** A run of one object that left this behind. */
async function runThatLeft({ lines = [], sealed, records = [], expired, fate = 'loads' }: Left) {
  const world = new World(seededRandom(1), calm)
  const copy = {
    object: { ...object, fate },
    generation: 1,
    landsAt: 0,
    announcedAfter: [0],
  }
  const scenario = { ...drawScenario(seededRandom(1), true), copies: [copy] }
  const landing = { keepsVersions: true, expiresAfter: expired ? 1_000 : undefined }
  const servers = {
    ledger: new LedgerServer(world),
    write: new WriteServer(world),
    landing: new LandingBucket(world, scenario.copies, landing),
  }
  if (sealed) {
    const { errors } = await thisRevision()
    const hash = objectHash({ bucket: 'simulated-logs', key: 'log-0', etag: 'a' })
    const body = JSON.stringify({ state: 'sealed', members: [{ hash }] })
    const store = servers.ledger.clientFor(new Process('one'), errors)
    await Promise.all([store.create('groups/g', body), world.run(100)])
  }
  for (const message of lines) servers.write.seen.add('logs.sim_checkout', { message })
  for (const outcome of records)
    servers.write.seen.add('causeway.object_log', {
      source_uri: 's3://simulated-logs/log-0',
      source_etag: 'a',
      outcome,
      generation: '1',
      ...(outcome === 'committed'
        ? { lines_read: 2n, rows_written: 2n }
        : { reason: 'object_missing', detail: 'gone' }),
    })
  world.now = 5_000
  const messages = messagesOf(copy).map(({ message }) => message)
  const acknowledged = { kind: 'duplicate' as const }
  const faults = () =>
    check(
      scenario,
      messages.map((message) => ({ ...message, acknowledged })),
      servers,
    )
  const givenUp = (number: number, reason: FailureCode) => {
    const [message] = messages
    if (!message) throw new Error('there is one message')
    const attempt = { message, number, startedAt: 4_000 }
    return checkAcknowledged(attempt, { kind: 'quarantined', reason, detail: '' }, servers)
  }
  return { faults, givenUp }
}

test('a run that loaded its object is well', async () => {
  const { faults } = await runThatLeft({ lines: good, sealed: true, records: ['committed'] })
  expect(faults()).toEqual({ lost: 0, duplicated: 0, missed: 0, pastSaving: 0, faults: [] })
})

test('so is one whose object was gone, and one that recorded both', async () => {
  const gone = await runThatLeft({ records: ['missing'], expired: true })
  expect(gone.faults()).toEqual({ lost: 0, duplicated: 0, missed: 1, pastSaving: 0, faults: [] })
  const both = await runThatLeft({
    lines: good,
    sealed: true,
    records: ['missing', 'committed'],
    expired: true,
  })
  expect(both.faults()).toEqual({ lost: 0, duplicated: 0, missed: 0, pastSaving: 0, faults: [] })
})

test.each<[string, Left, string]>([
  ['a line is lost', { lines: good.slice(1), sealed: true, records: ['committed'] }, 'is 0 times'],
  ['a line is twice', { lines: [...good, ...good], sealed: true, records: ['committed'] }, 'is 2 times'],
  [
    'a sealed object is recorded as given up',
    { lines: good, sealed: true, records: ['missing'], expired: true },
    'as missing, not committed',
  ],
  [
    'a copy that is there is recorded as missing',
    { records: ['missing'] },
    'recorded as missing: object_missing',
  ],
  [
    'lines of an object that was given up are seen',
    { lines: good, records: ['missing'], expired: true },
    'is where none may be',
  ],
  [
    'a damaged object is loaded',
    { lines: good, sealed: true, records: ['committed'], fate: 'damaged' },
    'is damaged, and sealed',
  ],
  ['nothing is recorded', { lines: good, sealed: true }, 'has no outcome on record'],
])('it is noticed when %s', async (_, left, fault) => {
  const { faults } = await runThatLeft(left)
  expect(faults().faults.join('\n')).toContain(fault)
})

test('an object is given up by a dead letter, for a reason of its own, while it is not loaded', async () => {
  const gone = { records: ['missing'], expired: true } as const
  expect((await runThatLeft(gone)).givenUp(6, 'object_missing')).toEqual([])
  const damaged = await runThatLeft({ records: ['missing'], fate: 'damaged' })
  expect(damaged.givenUp(6, 'corrupt_gzip')).toEqual([])
  expect(damaged.givenUp(6, 'append_refused')).toEqual([expect.stringContaining('for append_refused')])
  const [early] = (await runThatLeft(gone)).givenUp(5, 'object_missing')
  expect(early).toContain('is given up at attempt 5')
  const [there] = (await runThatLeft({ records: ['missing'] })).givenUp(6, 'object_missing')
  expect(there).toContain('is given up for object_missing')
  const [sealed] = (await runThatLeft({ ...gone, sealed: true })).givenUp(6, 'object_missing')
  expect(sealed).toContain('is given up though sim/log-0/a is sealed')
  const [unrecorded] = (await runThatLeft({ expired: true })).givenUp(6, 'object_missing')
  expect(unrecorded).toContain('without a record')
})
