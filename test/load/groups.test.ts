import { expect, test } from 'vitest'
import { type AppendReply, grpc } from '../../functions/append/write-api.ts'
import type { Member } from '../../functions/commit/group.ts'
import type { LoaderParts } from '../../functions/load-tools.ts'
import { leaseMs, linesOf, startCalmWorld } from './calm-world.ts'

/** Notes the groups that are sealed: the names in the ledger of the members of each. */
function notingSeals(seals: string[][]) {
  return (parts: LoaderParts): LoaderParts => ({
    ...parts,
    ledgerStore: {
      ...parts.ledgerStore,
      create: (name, body) => {
        const record = JSON.parse(body)
        if (record.state === 'sealed')
          seals.push(record.members.map(({ hash }: { hash: string }) => hash.slice(0, 8)))
        return parts.ledgerStore.create(name, body)
      },
    },
  })
}

test('two members of one name in the ledger are in two groups, and the second finds it loaded', async () => {
  const seals: string[][] = []
  const { loader, settled } = await startCalmWorld()
  const { groups } = loader(notingSeals(seals)).tools.objectTools
  const member = (letter: string): Member => ({
    hash: letter.repeat(64),
    setAside: undefined,
    rows: [],
    bytes: 0,
    record: { source_uri: `s3://example-logs/${letter}`, outcome: 'committed' },
  })
  const results = await settled(Promise.all(['a', 'b', 'b', 'c'].map((one) => groups.submit(member(one)))))
  expect(results.map(({ kind }) => kind)).toEqual(['committed', 'committed', 'duplicate', 'committed'])
  expect(seals).toEqual([['a', 'b'].map(eight), ['c'].map(eight)])
})

const eight = (letter: string) => letter.repeat(8)

test('objects of many apps with endless names are on record, whatever requests that takes', async () => {
  const { bodies, loader, settled, write, records } = await startCalmWorld()
  const { tools, push } = loader()
  const apps = Array.from({ length: 200 }, (_, n) => `${String(n).padStart(3, '0')}${'x'.repeat(6_500)}`)
  const names = Array.from({ length: 16 }, (_, n) => `many-${n}`)
  for (const name of names) bodies.set(`${name}.log`, linesOf(name, ...apps))
  const outcomes = await settled(Promise.all(names.map((name) => push(`${name}.log`))))
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['committed']))
  for (const name of names) {
    const counted: Record<string, number> = JSON.parse(String(records(`${name}.log`)[0]?.['apps']))
    expect(Object.values(counted).reduce((sum, rows) => sum + rows)).toBe(200)
  }
  const before = write.rowsOf('causeway.object_log').length
  // More than one request takes.
  const record = { source_uri: 's3://example-logs/x', detail: 'x'.repeat(16_000) }
  await settled(tools.groupTools.log.write(Array.from({ length: 1_000 }, () => record)))
  expect(write.rowsOf('causeway.object_log').length).toBe(before + 1_000)
})

test.each(['refused', 'lost'] as const)(
  'a table that lacks a column says so by a reply that is %s: its rows go again, and are there once',
  async (kind) => {
    const { bodies, loader, settled, rows, twice } = await startCalmWorld()
    const mismatch: AppendReply = {
      kind,
      code: grpc.invalidArgument,
      message: 'it has a column more than the table',
      storageError: 'SCHEMA_MISMATCH_EXTRA_FIELDS',
    }
    let left = 3
    const { push } = loader((parts) => ({
      ...parts,
      api: {
        ...parts.api,
        open: (stream, descriptor) => {
          const real = parts.api.open(stream, descriptor)
          const append: typeof real.append = async (sent, offset) =>
            stream.includes('web') && left-- > 0 ? mismatch : real.append(sent, offset)
          return { append, close: () => real.close() }
        },
      },
    }))
    bodies.set('a.log', linesOf('a', 'web', 'mail'))
    expect(await settled(push('a.log'))).toMatchObject({ kind: 'committed' })
    expect([rows(), twice()]).toEqual([['a mail', 'a web'], false])
  },
)

test('a group that waits for longer than a lease keeps its objects', async () => {
  const { bodies, loader, settled, world, rows } = await startCalmWorld()
  const gate = Promise.withResolvers<void>()
  const slow = loader((parts) => ({
    ...parts,
    api: {
      ...parts.api,
      createStream: async (table) => {
        await gate.promise
        return parts.api.createStream(table)
      },
    },
  }))
  bodies.set('a.log', linesOf('a', 'web'))
  const loading = slow.push('a.log')
  world.after(3 * leaseMs, () => undefined)
  await world.run(60)
  const other = await settled(loader().push('a.log'))
  expect(other).toMatchObject({ kind: 'retry', reason: 'claimed_elsewhere' })
  gate.resolve()
  expect(await settled(loading)).toMatchObject({ kind: 'committed' })
  expect(rows()).toEqual(['a web'])
})
