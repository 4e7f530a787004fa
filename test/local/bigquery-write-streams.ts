import { expect, test } from 'vitest'
import { columns, parent, rowType, type Start, useWriteBench } from './bigquery-write-bench.ts'
import { AppendSession, callError } from './bigquery-write-client.ts'

/** How streams are created, finalized and committed. */
export function streamContract(start: Start): void {
  const bench = useWriteBench(start)

  test('a PENDING stream shows its rows when it is committed, and not before', async () => {
    const stream = await bench.pendingWith(1, 2, 3)
    expect(await bench.ids()).toEqual([])
    const [finalized] = await bench.client.finalizeWriteStream({ name: stream })
    const [again] = await bench.client.finalizeWriteStream({ name: stream })
    expect([Number(finalized.rowCount), Number(again.rowCount)]).toEqual([3, 3])
    expect(await bench.ids()).toEqual([])
    expect(await bench.commit(stream)).toEqual({ committed: true, errors: [] })
    expect(await bench.ids()).toEqual([1, 2, 3])
  })

  test('a commit takes all streams or none, and no stream twice', async () => {
    const [good, open] = [await bench.pendingWith(1), await bench.pendingWith(2)]
    const committedType = await bench.create('COMMITTED')
    const unknown = `${parent}/streams/unknown`
    await bench.client.finalizeWriteStream({ name: good })
    expect(await bench.commit(good, open, committedType, unknown)).toEqual({
      committed: false,
      errors: [
        [open, 'INVALID_STREAM_STATE'],
        [committedType, 'INVALID_STREAM_TYPE'],
        [unknown, 'STREAM_NOT_FOUND'],
      ],
    })
    expect(await bench.ids()).toEqual([])
    await bench.client.finalizeWriteStream({ name: open })
    expect(await bench.commit(good, open)).toEqual({ committed: true, errors: [] })
    const third = await bench.pendingWith(3)
    await bench.client.finalizeWriteStream({ name: third })
    const again = await bench.commit(good, third)
    expect(again).toEqual({ committed: false, errors: [[good, 'STREAM_ALREADY_COMMITTED']] })
    expect(await bench.ids()).toEqual([1, 2])
  })

  test('a commit is of one table only', async () => {
    await bench.backend.createTable('other', { schema: { fields: columns } })
    const stranger = await bench.create('PENDING', 'projects/p/datasets/d/tables/other')
    await expect(bench.commit(stranger)).rejects.toMatchObject({ code: 3 })
  })

  test('an empty PENDING stream commits', async () => {
    const stream = await bench.pendingWith()
    const [finalized] = await bench.client.finalizeWriteStream({ name: stream })
    expect(Number(finalized.rowCount)).toBe(0)
    expect(await bench.commit(stream)).toEqual({ committed: true, errors: [] })
  })

  test('a COMMITTED stream and the default stream show rows when they are acknowledged', async () => {
    for (const [index, writeStream] of [
      await bench.create('COMMITTED'),
      `${parent}/streams/_default`,
    ].entries()) {
      const session = new AppendSession(bench.client)
      await session.append({ writeStream, ...rowType.rows({ id: index }) })
      expect(await bench.ids()).toContain(index)
      session.end()
    }
  })

  test('tables and streams that do not exist are NOT_FOUND', async () => {
    const missing = 'projects/p/datasets/d/tables/missing'
    const refused = await bench.create('PENDING', missing).catch(callError)
    expect(refused).toBe('5/TABLE_NOT_FOUND')
    for (const [writeStream, code] of [
      [`${missing}/streams/_default`, '5/TABLE_NOT_FOUND'],
      [`${parent}/streams/unknown`, '5/STREAM_NOT_FOUND'],
    ] as const) {
      const session = new AppendSession(bench.client)
      const reply = await session.append({ writeStream, ...rowType.rows({ id: 1 }) }).catch(callError)
      expect(reply).toBe(code)
    }
  })

  test('a stream does not outlive its table', async () => {
    const stream = await bench.pendingWith(1)
    await bench.backend.deleteTable('t')
    await bench.backend.createTable('t', { schema: { fields: columns } })
    await expect(bench.client.finalizeWriteStream({ name: stream })).rejects.toMatchObject({ code: 5 })
    expect((await bench.commit(stream)).errors).toEqual([[stream, 'STREAM_NOT_FOUND']])
  })

  test('the full view of a stream has the schema', async () => {
    const name = await bench.create('PENDING')
    const [full] = await bench.client.getWriteStream({ name, view: 'FULL' })
    expect(full.tableSchema?.fields).toMatchObject([
      { name: 'id', type: 'INT64', mode: 'REQUIRED' },
      { name: 'word', type: 'STRING', mode: 'NULLABLE' },
    ])
    const [basic] = await bench.client.getWriteStream({ name })
    expect([basic.type, basic.tableSchema, basic.commitTime]).toEqual(['PENDING', null, null])
  })
}
