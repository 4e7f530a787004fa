import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startBigQueryWrite } from '../../scripts/local/bigquery/write/server.ts'
import { openTables } from './bigquery-write-backend.ts'
import { AppendSession, callError, responseError, writeClient } from './bigquery-write-client.ts'
import { columns, parent, rowType, spawnService, start } from './bigquery-write-started.ts'

type Client = ReturnType<typeof writeClient>

const flush = (client: Client, writeStream: string, offset: number) =>
  client
    .flushRows({ writeStream, offset: { value: offset } })
    .then(([response]) => Number(response.offset), callError)

const rows = (from: number, to: number) =>
  rowType.rowsOf(Array.from({ length: to - from }, (_, index) => ({ id: from + index })))

test('what was flushed survives kill -9, and nothing is shown twice or that was not flushed', {
  timeout: 60_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bigquery-write-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const setUp = await openTables(directory)
  await setUp.createTable('t', { schema: { fields: columns } })
  await setUp.store.close()

  const first = await spawnService(directory)
  const [{ name }] = await first.client.createWriteStream({ parent, writeStream: { type: 'BUFFERED' } })
  const writeStream = name ?? ''
  await new AppendSession(first.client).append({ writeStream, ...rows(0, 5) })
  expect(await flush(first.client, writeStream, 1)).toBe(1)
  await first.kill()

  const second = await spawnService(directory)
  expect(await flush(second.client, writeStream, 1)).toBe('6/OFFSET_ALREADY_EXISTS')
  const session = new AppendSession(second.client)
  const repeated = await session.append({ writeStream, ...rows(4, 5), offset: { value: 4 } })
  expect(responseError(repeated)).toBe('6/OFFSET_ALREADY_EXISTS')
  await session.append({ writeStream, ...rows(5, 200_000), offset: { value: 5 } })
  const cut = flush(second.client, writeStream, 149_999)
  // The flush takes longer than this call, so the kill falls into it; where exactly does not matter.
  await second.client.getWriteStream({ name: writeStream })
  await second.kill()
  expect(await cut).toBe('14/')

  const third = await spawnService(directory)
  expect([149_999, '6/OFFSET_ALREADY_EXISTS']).toContain(await flush(third.client, writeStream, 149_999))
  const last = new AppendSession(third.client)
  await last.append({ writeStream, ...rows(200_000, 200_001), offset: { value: 200_000 } })
  expect(await flush(third.client, writeStream, 150_000)).toBe(150_000)
  await third.client.finalizeWriteStream({ name: writeStream })
  await third.kill()

  const fourth = await spawnService(directory)
  expect(await flush(fourth.client, writeStream, 200_000)).toBe('3/STREAM_FINALIZED')
  await fourth.kill()
  const { store, query } = await openTables(directory)
  onTestFinished(() => store.close())
  expect(await query('SELECT count(*), count(DISTINCT id), max(id) FROM d.t')).toEqual([
    ['150001', '150001', '150000'],
  ])
})

test('a flush that only the tables know of is not repeated', async () => {
  const { client, create, server, store, directory, query } = await start()
  const writeStream = await create('BUFFERED')
  await new AppendSession(client).append({ writeStream, ...rows(0, 4) })
  // The journal as a process leaves it that is killed between the commit and what follows on it.
  const journals = join(directory, 'streams')
  await cp(journals, `${directory}/before`, { recursive: true })
  await flush(client, writeStream, 3)
  await server.stop()
  await rm(journals, { recursive: true })
  await cp(`${directory}/before`, journals, { recursive: true })

  const again = await startBigQueryWrite({ store, directory })
  onTestFinished(() => again.stop())
  const second = writeClient(again.address)
  onTestFinished(() => second.close())
  const waiting = (await readdir(journals)).filter((file) => file.endsWith('.ndjson'))
  expect(await Promise.all(waiting.map(async (file) => (await stat(join(journals, file))).size))).toEqual([0])
  expect(await flush(second, writeStream, 3)).toBe('6/OFFSET_ALREADY_EXISTS')
  await new AppendSession(second).append({ writeStream, ...rows(4, 5), offset: { value: 4 } })
  expect(await flush(second, writeStream, 4)).toBe(4)
  expect((await query('SELECT id FROM d.t ORDER BY id')).flat()).toEqual(['0', '1', '2', '3', '4'])
})

test('what a stream takes on the disk does not grow with what has passed through it', async () => {
  const { client, create, directory } = await start()
  const writeStream = await create('BUFFERED')
  const session = new AppendSession(client)
  const sizes: number[] = []
  for (let at = 0; at < 240_000; at += 40_000) {
    await session.append({ writeStream, ...rows(at, at + 40_000), offset: { value: at } })
    // One row always stays behind.
    await flush(client, writeStream, at + 39_998)
    const journals = join(directory, 'streams')
    const files = await Promise.all((await readdir(journals)).map((file) => stat(join(journals, file))))
    sizes.push(files.reduce((sum, { size }) => sum + size, 0))
  }
  expect(Math.max(...sizes)).toBeLessThan(1024 * 1024 + 1024)
})
