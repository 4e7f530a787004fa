import { expect, test } from 'vitest'
import { grpc, WriteApiError } from '../../functions/append/write-api.ts'
import { objectHash } from '../../functions/commit/ledger.ts'
import { linesOf, startCalmWorld } from './calm-world.ts'

const etag = '0123456789abcdef'
const hashOf = (key: string) => objectHash({ bucket: 'example-logs', key, etag })
const never = new Promise<never>(() => undefined)

test('sealed, its process dead before the flush, its copy gone: the next delivery shows it, and reads nothing', async () => {
  const { bodies, counts, loader, settled, rows, records, world } = await startCalmWorld()
  bodies.set('a.log', linesOf('a', 'web', 'search', 'mail'))
  let flushes = 0
  // It dies when two of its three tables are visible.
  const dying = loader((parts) => ({
    ...parts,
    api: { ...parts.api, flush: (...to) => (++flushes > 2 ? never : parts.api.flush(...to)) },
  }))
  void dying.push('a.log')
  await world.run(100_000)
  expect(rows()).toHaveLength(2)
  bodies.delete('a.log')
  const reads = counts.reads
  for (const last of [false, true]) {
    expect(await settled(loader().push('a.log', { last }))).toEqual({ kind: 'duplicate' })
    expect(rows()).toEqual(['a mail', 'a search', 'a web'])
  }
  expect(counts.reads).toBe(reads)
  expect(new Set(records('a.log').map(({ outcome }) => outcome))).toEqual(new Set(['committed']))
})

test('a late duplicate asks the ledger and nobody else, whatever BigQuery has forgotten', async () => {
  const hour = 3_600_000
  const { bodies, counts, loader, settled, world } = await startCalmWorld({ forgetsAfter: hour })
  bodies.set('a.log', linesOf('a', 'web'))
  expect(await settled(loader().push('a.log'))).toMatchObject({ kind: 'committed' })
  world.after(30 * hour, () => undefined)
  await world.run(10)
  const before = { ...counts }
  bodies.clear()
  expect(await settled(loader().push('a.log', { last: true }))).toEqual({ kind: 'duplicate' })
  expect(counts).toEqual(before)
})

test('one table that can never be flushed keeps nothing else back, and only its own object is set aside', async () => {
  const { bodies, loader, settled, rows, records, twice } = await startCalmWorld()
  // The first to be read is a group by itself, during which the others come together in the next.
  const goods = ['good', 'good-2', 'good-3', 'good-4', 'good-5']
  for (const name of goods) bodies.set(`${name}.log`, linesOf(name, 'web', 'search'))
  bodies.set('lost.log', linesOf('lost', 'web', 'dropped'))
  const seals: string[] = []
  // Its table was made anew between seal and flush.
  const gone = loader((parts) => ({
    ...parts,
    ledgerStore: {
      ...parts.ledgerStore,
      create: (name, body) => {
        if (name.startsWith('groups/')) seals.push(body)
        return parts.ledgerStore.create(name, body)
      },
    },
    api: {
      ...parts.api,
      flush: (stream, offset) =>
        stream.includes('dropped')
          ? Promise.reject(new WriteApiError(grpc.notFound, 'no such stream'))
          : parts.api.flush(stream, offset),
    },
  }))
  const names = [...goods, 'lost']
  const all = await settled(Promise.all(names.map((name) => gone.push(`${name}.log`))))
  expect(all.slice(0, -1).map(({ kind }) => kind)).toEqual(goods.map(() => 'committed'))
  expect(all.at(-1)).toMatchObject({ kind: 'retry', reason: 'commit_refused' })
  const hasOthers = (body: string) => goods.some((name) => body.includes(hashOf(`${name}.log`)))
  expect(seals.filter((body) => body.includes(hashOf('lost.log'))).map(hasOthers)).toEqual([true])
  expect(rows()).toEqual(
    [...goods.flatMap((name) => [`${name} search`, `${name} web`]), 'lost web'].toSorted(),
  )
  expect(await settled(gone.push('lost.log', { last: true }))).toMatchObject({
    kind: 'quarantined',
    reason: 'commit_refused',
  })
  expect(await settled(gone.push('good.log'))).toEqual({ kind: 'duplicate' })
  // However often the lost one is delivered: the group is done.
  await settled(gone.push('lost.log'))
  expect(records('good.log').map(({ outcome }) => outcome)).toEqual(['committed'])
  expect(records('good.log')[0]?.['bytes_read']).toBe(BigInt(bodies.get('good.log')?.length ?? 0))
  // It can be forgotten, and is loaded anew; what is loaded cannot.
  expect(await settled(gone.tools.groupTools.ledger.forget(hashOf('good.log')))).toBe(false)
  expect(await settled(gone.tools.groupTools.ledger.forget(hashOf('lost.log')))).toBe(true)
  expect(await settled(gone.tools.groupTools.ledger.forget(hashOf('lost.log')))).toBe(false)
  expect(await settled(loader().push('lost.log'))).toMatchObject({ kind: 'committed' })
  expect(rows()).toContain('lost dropped')
  // As `forget` warns: the table that had been flushed has its row twice.
  expect(twice()).toBe(true)
})

test('a permission that is missing for the flush is no fault of the object', async () => {
  const { bodies, loader, settled, rows, records } = await startCalmWorld()
  bodies.set('a.log', linesOf('a', 'web'))
  let denied = true
  const { push } = loader((parts) => ({
    ...parts,
    api: {
      ...parts.api,
      flush: (...to) =>
        denied ? Promise.reject(new WriteApiError(grpc.permissionDenied, 'denied')) : parts.api.flush(...to),
    },
  }))
  for (const last of [false, true])
    expect(await settled(push('a.log', { last }))).toMatchObject({
      kind: 'retry',
      reason: 'permission_denied',
    })
  expect([rows(), records('a.log')]).toEqual([[], []])
  denied = false
  expect(await settled(push('a.log', { last: true }))).toEqual({ kind: 'duplicate' })
  expect(rows()).toEqual(['a web'])
})

test('a group whose seal is never answered leaves its streams, and nothing is appended behind it', async () => {
  const { bodies, counts, loader, settled, rows, twice } = await startCalmWorld()
  for (const name of ['first', 'a', 'b']) bodies.set(`${name}.log`, linesOf(name, 'web'))
  let silent = false
  const { push } = loader((parts) => ({
    ...parts,
    ledgerStore: {
      ...parts.ledgerStore,
      create: async (name, body) => {
        const written = await parts.ledgerStore.create(name, body)
        if (silent && name.startsWith('groups/')) throw new Error('the reply is lost')
        return written
      },
    },
  }))
  expect(await settled(push('first.log'))).toMatchObject({ kind: 'committed' })
  expect(counts.streams).toBe(1)
  silent = true
  expect(await settled(push('a.log'))).toMatchObject({ kind: 'retry' })
  silent = false
  expect(await settled(push('b.log'))).toMatchObject({ kind: 'committed' })
  expect(counts.streams).toBe(2)
  expect(rows()).toEqual(['b web', 'first web'])
  // It was sealed all the same.
  expect(await settled(push('a.log'))).toEqual({ kind: 'duplicate' })
  expect([rows(), twice()]).toEqual([['a web', 'b web', 'first web'], false])
})
