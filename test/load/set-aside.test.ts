import { expect, test } from 'vitest'
import { type AppendReply, grpc } from '../../functions/append/write-api.ts'
import { Failure } from '../../functions/model/failure.ts'
import { refusedWord } from '../../scripts/simulate/draw-object.ts'
import { answerTimeMs, linesOf, startCalmWorld } from './calm-world.ts'

const extraFields: AppendReply = {
  kind: 'refused',
  code: grpc.invalidArgument,
  storageError: 'SCHEMA_MISMATCH_EXTRA_FIELDS',
  message: 'it has a column more than the table',
}

test('an object whose copy is gone is set aside as a dead letter, and not before', async () => {
  const { loader, settled, records } = await startCalmWorld()
  const { push } = loader()
  expect(await settled(push('a.log'))).toMatchObject({ kind: 'retry', reason: 'object_missing' })
  expect(records('a.log')).toEqual([])
  const last = await settled(push('a.log', { last: true }))
  expect(last).toMatchObject({ kind: 'missing', reason: 'object_missing' })
  expect(records('a.log')).toMatchObject([{ outcome: 'missing', reason: 'object_missing' }])
})

test('one that was set aside is so again at once for the same message, and tried anew for another', async () => {
  const { bodies, counts, loader, settled } = await startCalmWorld()
  const { push } = loader()
  await settled(push('a.log', { last: true, messageId: '1' }))
  const reads = counts.reads
  bodies.set('a.log', linesOf('a', 'web'))
  const again = await settled(push('a.log', { last: true, messageId: '1' }))
  expect([again.kind, counts.reads]).toEqual(['missing', reads])
  expect(await settled(push('a.log', { last: true, messageId: '2' }))).toMatchObject({ kind: 'committed' })
})

test('what read an object before it was set aside does not load it afterwards; what reads it later does', async () => {
  const { bodies, loader, settled, world, rows, records } = await startCalmWorld()
  bodies.set('a.log', linesOf('a', 'web'))
  const thaw = Promise.withResolvers<void>()
  const frozen = loader((parts) => ({
    ...parts,
    ledgerStore: {
      ...parts.ledgerStore,
      create: async (name, body) => {
        await thaw.promise
        return parts.ledgerStore.create(name, body)
      },
    },
  })).push('a.log')
  await world.run(100_000)
  const copy = bodies.get('a.log') ?? ''
  bodies.clear()
  expect(await settled(loader().push('a.log', { last: true }))).toMatchObject({ kind: 'missing' })
  thaw.resolve()
  expect(await settled(frozen)).toMatchObject({ kind: 'retry', reason: 'claimed_elsewhere' })
  expect([rows(), records('a.log').map(({ outcome }) => outcome)]).toEqual([[], ['missing']])
  bodies.set('a.log', copy)
  expect(await settled(loader().push('a.log'))).toMatchObject({ kind: 'committed' })
  expect(rows()).toEqual(['a web'])
})

test('one that kills its process every time is given up after three tries', async () => {
  const { bodies, loader, settled, world, records } = await startCalmWorld()
  const dying = () =>
    loader((parts) => ({
      ...parts,
      // What is dead sleeps for ever.
      clock: { ...parts.clock, sleep: () => new Promise(() => undefined) },
      ledgerStore: {
        ...parts.ledgerStore,
        read: (name) =>
          name.startsWith('claims/') ? new Promise(() => undefined) : parts.ledgerStore.read(name),
      },
    }))
  for (let n = 0; n < 3; n++) {
    void dying().push('a.log', { last: true })
    await world.run(100_000)
    const beside = await settled(loader().push('a.log', { last: true }))
    expect(beside).toMatchObject({ kind: 'retry', reason: 'claimed_elsewhere' })
    world.after(answerTimeMs + 61_000, () => undefined)
    await world.run(1)
  }
  const last = await settled(loader().push('a.log', { last: true }))
  expect(last).toMatchObject({ kind: 'quarantined', reason: 'load_died' })
  expect(records('a.log')).toMatchObject([{ reason: 'load_died' }])
  // A message that is sent again once the code is mended has its own three tries.
  bodies.set('a.log', linesOf('a', 'web'))
  const later = loader().push('a.log', { last: true, messageId: 'sent again' })
  expect(await settled(later)).toMatchObject({ kind: 'committed' })
})

test('a bad row fails its object, and its neighbours go again without it; alone it costs no stream', async () => {
  const { bodies, counts, loader, settled, rows, twice } = await startCalmWorld()
  for (const name of ['a', 'b', 'c']) bodies.set(`${name}.log`, linesOf(name, 'web', 'search'))
  bodies.set('bad.log', linesOf('x', 'mail', 'other') + linesOf(refusedWord, 'web'))
  const { push } = loader()
  const names = ['a', 'bad', 'b', 'c']
  const outcomes = await settled(Promise.all(names.map((name) => push(`${name}.log`))))
  expect(outcomes.map(({ kind }) => kind)).toEqual(['committed', 'retry', 'committed', 'committed'])
  expect(outcomes[1]).toMatchObject({ reason: 'append_refused' })
  expect([rows(), twice()]).toEqual([['a search', 'a web', 'b search', 'b web', 'c search', 'c web'], false])
  const again = async (times: number) => {
    for (let n = 0; n < times; n++)
      expect(await settled(push('bad.log'))).toMatchObject({ kind: 'retry', reason: 'append_refused' })
  }
  // Once it has failed with nothing good in between, its table is tried before the others are touched.
  await again(2)
  const streams = counts.streams
  await again(5)
  expect(counts.streams).toBe(streams)
  expect(await settled(push('bad.log', { last: true }))).toMatchObject({ kind: 'quarantined' })
})

test.each(['its row is bad', 'its table cannot be given a column'])(
  'left out of its group as %s, an object has no row with the group, then or later',
  async (why) => {
    const { bodies, loader, settled, rows, twice, world } = await startCalmWorld()
    const ends: string[] = []
    const isJoined = Promise.withResolvers<void>()
    let denied = false
    const { push } = loader((parts) => ({
      ...parts,
      api: {
        ...parts.api,
        createStream: async (table) => {
          if (table.name.endsWith('_mail')) await isJoined.promise
          return parts.api.createStream(table)
        },
        open: (stream, descriptor) => {
          const real = parts.api.open(stream, descriptor)
          const append: typeof real.append = async (sent, offset) =>
            denied && stream.includes('doubtful') ? extraFields : real.append(sent, offset)
          return { ...real, append, close: () => real.close() }
        },
      },
      catalog: {
        ...parts.catalog,
        widen: (table) => {
          if (!denied) return parts.catalog.widen(table)
          denied = false
          return Promise.reject(new Failure('system', 'append', 'table_unavailable', 'not now'))
        },
      },
      ledgerStore: {
        ...parts.ledgerStore,
        create: (name, body) => {
          if (name.startsWith('groups/') && !name.includes('set-aside')) ends.push(JSON.parse(body).state)
          return parts.ledgerStore.create(name, body)
        },
      },
    }))
    bodies.set('before.log', linesOf(refusedWord, 'doubtful'))
    await settled(push('before.log'))
    denied = why !== 'its row is bad'
    bodies.set('first.log', linesOf('first', 'mail'))
    bodies.set('good.log', linesOf('good', 'web'))
    bodies.set('out.log', linesOf(denied ? 'out' : refusedWord, 'doubtful'))
    ends.length = 0
    // While the first one's group is under way the others come together in the next.
    const first = push('first.log')
    await world.run(10)
    const others = ['good', 'out'].map((name) => push(`${name}.log`))
    await world.run(10)
    isJoined.resolve()
    const outcomes = await settled(Promise.all([first, ...others]))
    expect(outcomes.map(({ kind }) => kind)).toEqual(['committed', 'committed', 'retry'])
    expect(rows()).toEqual(['first mail', 'good web'])
    expect(ends.slice(0, 2)).toEqual(['sealed', 'sealed'])
    bodies.set('out.log', linesOf('out', 'doubtful'))
    world.after(60_000, () => undefined)
    await world.run(10)
    expect(await settled(push('out.log'))).toMatchObject({ kind: 'committed' })
    expect([rows(), twice()]).toEqual([['first mail', 'good web', 'out doubtful'], false])
  },
)

test('a table nobody may write fails its objects; neighbours are in that very group, and it is left alone in time', async () => {
  const denied = { call: 'createStream' as const, table: '_closed', from: 0, to: Number.POSITIVE_INFINITY }
  const { bodies, counts, loader, settled, rows } = await startCalmWorld({ refusals: [denied] })
  let asked = 0
  const { push } = loader((parts) => ({
    ...parts,
    api: {
      ...parts.api,
      createStream: (table) => {
        if (table.name.endsWith('_closed')) asked += 1
        return parts.api.createStream(table)
      },
    },
  }))
  for (let n = 0; n < 10; n++) {
    bodies.set(`good-${n}.log`, linesOf(`good-${n}`, 'web'))
    bodies.set(`bad-${n}.log`, linesOf(`bad-${n}`, 'web', 'closed'))
    const both = await settled(Promise.all([push(`good-${n}.log`), push(`bad-${n}.log`)]))
    expect(both.map(({ kind }) => kind)).toEqual(['committed', 'retry'])
  }
  expect(rows()).toHaveLength(10)
  // One stream for the good table, whatever became of its neighbours; the other is let be for half a minute by now.
  expect(counts.streams).toBe(1)
  expect(asked).toBeLessThan(10)
})

test('what the ledger may have forgotten is refused, with what to do; without a limit nothing is', async () => {
  const uploadedAt = '2026-01-01T00:00:00Z'
  for (const [google, kind] of [
    [{ ledgerDays: 90 }, 'quarantined'],
    [{}, 'committed'],
  ] as const) {
    const { bodies, loader, settled } = await startCalmWorld({}, google)
    bodies.set('old.log', linesOf('old', 'web'))
    const { push } = loader()
    const outcome = await settled(push('old.log', { last: true, resource: { customTime: uploadedAt } }))
    expect(outcome.kind).toBe(kind)
    if (outcome.kind === 'quarantined') {
      expect(outcome.reason).toBe('past_ledger')
      expect(outcome.detail).toMatch(/remembers 90 days: .* leave out google.ledgerDays, or raise it/)
    }
  }
})

test.each([
  ['no_source', 's3/another-bucket/a.log', {}],
  ['unknown_bucket', 's3/example-logs/a.log', { bucketId: 'another' }],
  ['not_a_notification', 's3/example-logs/a.log', { payloadFormat: 'NONE' }],
])('%s: kept as a dead letter, and on record', async (reason, objectId, attributes) => {
  const { write, loader, settled } = await startCalmWorld()
  const { push } = loader()
  const change = { attributes: { objectId, ...attributes }, resource: { name: objectId } }
  expect(await settled(push('a.log', change))).toMatchObject({ kind: 'retry', reason })
  expect(write.rowsOf('causeway.object_log')).toEqual([])
  expect(await settled(push('a.log', { ...change, last: true }))).toMatchObject({
    kind: 'quarantined',
    reason,
  })
  expect(write.rowsOf('causeway.object_log')).toMatchObject([{ outcome: 'quarantined', reason }])
})

test('what a suffix leaves out is left out on purpose', async () => {
  const { loader, settled } = await startCalmWorld()
  expect(await settled(loader().push('a.txt'))).toMatchObject({ kind: 'ignored', reason: 'excluded' })
})

test('what services write beside logs is recorded, and never read', async () => {
  const { bodies, counts, loader, settled, records } = await startCalmWorld()
  const key = 'out/_temporary/0/a.log'
  bodies.set(key, linesOf('a', 'web'))
  const ignored = { reason: 'not_a_log', detail: 'it is an unfinished file of Hadoop or Spark' }
  expect(await settled(loader().push(key))).toEqual({ kind: 'ignored', ...ignored })
  expect(records(key)).toMatchObject([{ outcome: 'ignored', source: 'sim', ...ignored }])
  expect(counts.reads).toBe(0)
})
