import { describe, expect, test } from 'vitest'
import { columns, parent, rowType, type Start, useWriteBench } from './bigquery-write-bench.ts'
import { AppendSession, callError, RowType, responseError } from './bigquery-write-client.ts'

/** What offsets and connections do. */
export function appendContract(start: Start): void {
  const bench = useWriteBench(start)

  describe('offsets', () => {
    test.each(['PENDING', 'COMMITTED'] as const)('of a %s stream are exact', async (type) => {
      const writeStream = await bench.create(type)
      const session = new AppendSession(bench.client)
      const at = (offset: number | null, ...words: number[]) => {
        const rows = rowType.rows(...words.map((id) => ({ id })))
        return session.append({ writeStream, ...rows, offset: offset === null ? null : { value: offset } })
      }
      expect(Number((await at(0, 1, 2)).appendResult?.offset?.value ?? 'none')).toBe(0)
      expect(Number((await at(2, 3)).appendResult?.offset?.value)).toBe(2)
      const [twice, inside, beyond] = [await at(2, 3), await at(0, 1, 2), await at(4, 5)]
      expect(responseError(twice)).toBe('6/OFFSET_ALREADY_EXISTS')
      expect(responseError(inside)).toBe('6/OFFSET_ALREADY_EXISTS')
      expect(responseError(beyond)).toBe('11/OFFSET_OUT_OF_RANGE')
      expect(Number((await at(null, 4)).appendResult?.offset?.value)).toBe(3)
      session.end()
      const [{ rowCount }] = await bench.client.finalizeWriteStream({ name: writeStream })
      expect(Number(rowCount)).toBe(4)
      if (type === 'PENDING') await bench.commit(writeStream)
      expect(await bench.ids()).toEqual([1, 2, 3, 4])
    })

    test('are not taken by the default stream', async () => {
      const session = new AppendSession(bench.client)
      const reply = await session.append({
        writeStream: `${parent}/streams/_default`,
        ...rowType.rows({ id: 1 }),
        offset: { value: 0 },
      })
      expect(responseError(reply)).toBe('3/')
      expect(await bench.ids()).toEqual([])
      session.end()
    })

    test('are refused by a finalized and by a committed stream', async () => {
      const writeStream = await bench.pendingWith(1)
      await bench.client.finalizeWriteStream({ name: writeStream })
      const session = new AppendSession(bench.client)
      const request = { writeStream, ...rowType.rows({ id: 2 }) }
      expect(responseError(await session.append(request))).toBe('3/STREAM_FINALIZED')
      await bench.commit(writeStream)
      expect(responseError(await session.append(request))).toBe('3/STREAM_ALREADY_COMMITTED')
      session.end()
      expect(await bench.ids()).toEqual([1])
    })
  })

  describe('connections', () => {
    test('need a stream and a schema first, and neither later', async () => {
      const writeStream = await bench.create('COMMITTED')
      const bare = rowType.rows({ id: 1 })
      const rowsOnly = { protoRows: { rows: bare.protoRows?.rows ?? null } }
      expect(await new AppendSession(bench.client).append(bare).catch(callError)).toBe('3/')
      const session = new AppendSession(bench.client)
      expect(responseError(await session.append({ writeStream, ...rowsOnly }))).toBe('3/')
      await session.append({ writeStream, ...bare })
      expect((await session.append(rowsOnly)).writeStream).toBe(writeStream)
      session.end()
      expect(await bench.ids()).toEqual([1, 1])
    })

    test('to a created stream replace each other', async () => {
      const writeStream = await bench.create('PENDING')
      const [first, second] = [new AppendSession(bench.client), new AppendSession(bench.client)]
      await first.append({ writeStream, ...rowType.rows({ id: 1 }) })
      const reply = await second.append({ writeStream, ...rowType.rows({ id: 2 }), offset: { value: 1 } })
      expect(Number(reply.appendResult?.offset?.value)).toBe(1)
      expect(await first.failure).toMatchObject({ code: 10 })
      second.end()
    })

    test('change table on default streams only', async () => {
      await bench.backend.createTable('other', { schema: { fields: columns } })
      const [one, two] = [`${parent}/streams/_default`, 'projects/p/datasets/d/tables/other/streams/_default']
      const session = new AppendSession(bench.client)
      for (const writeStream of [one, two, one])
        await session.append({ writeStream, ...rowType.rows({ id: 1 }) })
      expect(await bench.ids()).toEqual([1, 1])
      expect(await bench.backend.query('SELECT id FROM d.other')).toEqual([['1']])
      const created = await bench.create('PENDING')
      const refused = await session
        .append({ writeStream: created, ...rowType.rows({ id: 1 }) })
        .catch(callError)
      expect(refused).toBe('3/')
    })

    test('keep their schema, are told of a new one once, and see it when opened anew', async () => {
      const writeStream = `${parent}/streams/_default`
      const session = new AppendSession(bench.client)
      await session.append({ writeStream, ...rowType.rows({ id: 1 }) })
      await bench.backend.setColumns('t', [...columns, { name: 'extra', type: 'STRING' }])
      const reply = await session.append(rowType.rows({ id: 2 }))
      expect(reply.updatedSchema?.fields?.map(({ name }) => name)).toEqual(['id', 'word', 'extra'])
      expect((await session.append(rowType.rows({ id: 3 }))).updatedSchema).toBeNull()
      const wider = new RowType({ id: 'int64', extra: 'string' })
      const early = await session.append(wider.rows({ id: 4, extra: 'x' })).catch(callError)
      expect(early).toBe('3/SCHEMA_MISMATCH_EXTRA_FIELDS')
      const next = new AppendSession(bench.client)
      await next.append({ writeStream, ...wider.rows({ id: 5, extra: 'x' }) })
      next.end()
      const rows = await bench.backend.query('SELECT id, extra FROM d.t ORDER BY id')
      expect(rows).toEqual([
        ['1', null],
        ['2', null],
        ['3', null],
        ['5', 'x'],
      ])
    })
  })
}
