import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startBigQueryWrite } from '../../scripts/local/bigquery/write/server.ts'
import { AppendSession, callError, writeClient } from './bigquery-write-client.ts'
import { parent, rowType, start } from './bigquery-write-started.ts'

const day = 86_400_000

/** The stand-in with a clock to be put forward, and what each call for a stream is answered with. */
async function startAt(options: { readonly streamLifeMillis?: number } = {}) {
  let now = Date.now()
  const settings = { ...options, now: () => now }
  const backend = await start(settings)
  const calls = (client: typeof backend.client, writeStream: string) => ({
    append: (...ids: number[]) =>
      new AppendSession(client)
        .append({ writeStream, ...rowType.rows(...ids.map((id) => ({ id }))) })
        .then(({ appendResult }) => Number(appendResult?.offset?.value), callError),
    flush: (offset: number) =>
      client
        .flushRows({ writeStream, offset: { value: offset } })
        .then(([response]) => Number(response.offset), callError),
    finalize: () =>
      client.finalizeWriteStream({ name: writeStream }).then(([{ rowCount }]) => Number(rowCount), callError),
    commit: async () => {
      const [{ streamErrors }] = await client.batchCommitWriteStreams({ parent, writeStreams: [writeStream] })
      return streamErrors?.map(({ code }) => code)
    },
    look: () => client.getWriteStream({ name: writeStream }).then(() => 'there', callError),
  })
  return {
    ...backend,
    of: (writeStream: string) => calls(backend.client, writeStream),
    wait: (millis: number) => {
      now += millis
    },
    /** Names of files in which rows wait. */
    journals: () => readdir(join(backend.directory, 'streams')),
    /** Stops the service, and gives the means to call the one that goes on with its state. */
    restart: async () => {
      await backend.server.stop()
      const { store, directory } = backend
      const server = await startBigQueryWrite({ ...settings, store, directory })
      onTestFinished(() => server.stop())
      const client = writeClient(server.address)
      onTestFinished(() => client.close())
      return (writeStream: string) => calls(client, writeStream)
    },
  }
}

const gone = '5/STREAM_NOT_FOUND'

test.each(['BUFFERED', 'PENDING'] as const)(
  'a %s stream is forgotten after seven days, with rows that are not visible',
  async (type) => {
    const { create, of, wait, journals, query } = await startAt()
    const name = await create(type)
    const { append, flush, finalize, commit, look } = of(name)
    await append(1, 2)
    if (type === 'BUFFERED') await flush(0)
    expect(await journals()).not.toEqual([])
    wait(7 * day - 1)
    expect(await look()).toBe('there')
    wait(1)
    expect([await append(3), await flush(1), await finalize(), await look()]).toEqual([
      gone,
      gone,
      gone,
      gone,
    ])
    expect(await commit()).toEqual(['STREAM_NOT_FOUND'])
    expect(await journals()).toEqual([])
    expect(await query('SELECT id FROM d.t')).toEqual(type === 'BUFFERED' ? [['1']] : [])
  },
)

test('every request for a stream prolongs its life, but a look at it does not', async () => {
  const { create, of, wait } = await startAt()
  const { append, flush, finalize, look } = of(await create('BUFFERED'))
  for (const request of [() => append(1, 2), () => flush(0), () => append(3), finalize]) {
    wait(6 * day)
    expect(await request()).not.toBe(gone)
  }
  wait(6 * day)
  expect(await look()).toBe('there')
  wait(day)
  expect(await look()).toBe(gone)
})

test('a connection ends when its stream is forgotten', async () => {
  const { client, create, wait } = await startAt({ streamLifeMillis: 1000 })
  const writeStream = await create('BUFFERED')
  const session = new AppendSession(client)
  await session.append({ writeStream, ...rowType.rows({ id: 1 }) })
  wait(1000)
  expect(await session.append({ writeStream, ...rowType.rows({ id: 2 }) }).catch(callError)).toBe(gone)
})

test('that a stream was committed is known for seven days more', async () => {
  const { create, of, wait, query } = await startAt()
  const { append, finalize, commit } = of(await create('PENDING'))
  await append(1)
  await finalize()
  wait(6 * day)
  expect(await commit()).toEqual([])
  wait(6 * day)
  expect(await commit()).toEqual(['STREAM_ALREADY_COMMITTED'])
  wait(7 * day)
  expect(await commit()).toEqual(['STREAM_NOT_FOUND'])
  expect(await query('SELECT id FROM d.t')).toEqual([['1']])
})

test('COMMITTED streams are kept', async () => {
  const { create, of, wait } = await startAt()
  const { append } = of(await create('COMMITTED'))
  await append(1)
  wait(1000 * day)
  expect(await append(2)).toBe(1)
})

test('a restart counts from the last append, flush or finalize, and forgets what is over by then', async () => {
  const { create, of, wait, journals, restart } = await startAt()
  const [untouched, appended, flushed, finalized] = [
    await create('BUFFERED'),
    await create('BUFFERED'),
    await create('BUFFERED'),
    await create('PENDING'),
  ]
  for (const name of [appended, flushed, finalized]) await of(name).append(1)
  wait(4 * day)
  await of(appended).append(2)
  await of(flushed).flush(0)
  await of(finalized).finalize()
  wait(4 * day)
  const again = await restart()
  expect(await again(untouched).append(1)).toBe(gone)
  expect(await again(appended).flush(1)).toBe(1)
  expect(await again(flushed).append(2)).toBe(1)
  expect(await again(finalized).commit()).toEqual([])
  wait(7 * day)
  const later = await restart()
  expect(await later(appended).flush(2)).toBe(gone)
  expect(await journals()).toEqual([])
})

test('what is forgotten leaves the disk also when nobody asks for it', async () => {
  const { create, of, wait, journals } = await startAt()
  await of(await create('PENDING')).append(1)
  wait(7 * day)
  await create('PENDING')
  // Created behind it in the one queue of writes.
  await create('PENDING')
  expect(await journals()).toEqual([])
})
