import { expect, test } from 'vitest'
import { refusedWord } from '../../scripts/simulate/draw-object.ts'
import { answerTime, linesOf, startCalmWorld } from './calm-world.ts'

test('an object whose copy is gone is set aside as a dead letter, and not before', async () => {
  const { loader, settled, records } = await startCalmWorld()
  const { push } = loader()
  expect(await settled(push('a.log'))).toMatchObject({ kind: 'retry', reason: 'object_missing' })
  expect(records('a.log')).toEqual([])
  const last = await settled(push('a.log', { last: true }))
  expect(last).toMatchObject({ kind: 'quarantined', reason: 'object_missing' })
  expect(records('a.log')).toMatchObject([{ outcome: 'quarantined', reason: 'object_missing' }])
})

test('one that was set aside is so again at once for the same message, and tried anew for another', async () => {
  const { bodies, counts, loader, settled } = await startCalmWorld()
  const { push } = loader()
  await settled(push('a.log', { last: true, messageId: '1' }))
  const reads = counts.reads
  bodies.set('a.log', linesOf('a', 'web'))
  const again = await settled(push('a.log', { last: true, messageId: '1' }))
  expect([again.kind, counts.reads]).toEqual(['quarantined', reads])
  expect(await settled(push('a.log', { last: true, messageId: '2' }))).toMatchObject({ kind: 'committed' })
})

test('one that kills its process every time is given up after three tries', async () => {
  const { loader, settled, world, records } = await startCalmWorld()
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
    world.after(answerTime + 61_000, () => undefined)
    await world.run(1)
  }
  const last = await settled(loader().push('a.log', { last: true }))
  expect(last).toMatchObject({ kind: 'quarantined', reason: 'load_died' })
  expect(records('a.log')).toMatchObject([{ reason: 'load_died' }])
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
