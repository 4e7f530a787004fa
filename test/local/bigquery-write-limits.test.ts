import { expect, test } from 'vitest'
import { AppendSession, callError, writeClient } from './bigquery-write-client.ts'
import { parent, rowType, start } from './bigquery-write-started.ts'

const one = rowType.rows({ id: 1 })
const writeStream = `${parent}/streams/_default`

test('streams are created up to the quota of an hour', async () => {
  let now = Date.now()
  const { pending } = await start({ createStreamPerHour: 2, now: () => now })
  await pending()
  now += 1_800_000
  await pending()
  await expect(pending()).rejects.toMatchObject({ code: 8 })
  now += 1_800_000
  await pending()
  await expect(pending()).rejects.toMatchObject({ code: 8 })
})

test('streams are created up to the quota of a minute, if there is one', async () => {
  let now = Date.now()
  const { pending } = await start({ createStreamPerMinute: 2, now: () => now })
  for (const at of [0, 30_000, 60_000, 90_000]) {
    now += at === 0 ? 0 : 30_000
    await pending()
    if (at > 0) expect(await pending().catch(callError)).toBe('8/')
  }
})

test('a call for a table that does not exist takes from the quota, one that the quota refuses does not', async () => {
  let now = Date.now()
  const { client, pending } = await start({ createStreamPerHour: 2, now: () => now })
  const missing = { parent: `${parent}missing`, writeStream: { type: 'PENDING' as const } }
  expect(await client.createWriteStream(missing).catch(callError)).toBe('5/TABLE_NOT_FOUND')
  now += 1_800_000
  await pending()
  expect(await client.createWriteStream(missing).catch(callError)).toBe('8/')
  now += 1_800_000
  await pending()
})

test('one connection too many is ended, and the next that comes after another has ended is not', async () => {
  const { client, server } = await start({ maxConnections: 2 })
  const sessions = [new AppendSession(client), new AppendSession(client)] as const
  for (const session of sessions) await session.append({ writeStream, ...one })
  expect(server.connections()).toBe(2)
  expect(await new AppendSession(client).append({ writeStream, ...one }).catch(callError)).toBe('8/')
  expect(server.connections()).toBe(2)
  await sessions[0].finish()
  expect(server.connections()).toBe(1)
  await new AppendSession(client).append({ writeStream, ...one })
  expect(server.calls()['AppendRows.connect']).toBe(4)
})

test('connections that fail or are cancelled are open no longer', async () => {
  const { client, server } = await start()
  expect(await new AppendSession(client).append(one).catch(callError)).toBe('3/')
  expect(server.connections()).toBe(0)
  const session = new AppendSession(client)
  await session.append({ writeStream, ...one })
  expect(server.connections()).toBe(1)
  session.cancel()
  // Sent later on the same HTTP/2 connection, so the service has heard of the other by then.
  await client.getWriteStream({ name: writeStream })
  expect(server.connections()).toBe(0)
})

test('calls beyond those that one HTTP/2 connection may carry wait for another to end', async () => {
  const { client, server } = await start({ maxConcurrentStreams: 2 })
  const sessions = [new AppendSession(client), new AppendSession(client)] as const
  for (const session of sessions) await session.append({ writeStream, ...one })
  const third = new AppendSession(client)
  const waiting = third.append({ writeStream, ...one })
  // Sent later on the same HTTP/2 connection: what is answered to the third call is answered before.
  await sessions[1].append({ writeStream, ...one })
  expect(server.calls()).toEqual({ AppendRows: 3, 'AppendRows.connect': 2 })
  const other = writeClient(server.address)
  await other.getWriteStream({ name: writeStream })
  await other.close()
  sessions[0].end()
  expect((await waiting).appendResult).toBeTruthy()
  const look = client.getWriteStream({ name: writeStream })
  await third.append({ writeStream, ...one })
  expect(server.calls()['GetWriteStream']).toBe(1)
  third.cancel()
  await look
})

test('a call that is given up before its turn has come takes no place', async () => {
  const { client, server } = await start({ maxConcurrentStreams: 1 })
  const [first, second] = [new AppendSession(client), new AppendSession(client)]
  await first.append({ writeStream, ...one })
  second.append({ writeStream, ...one }).catch(() => undefined)
  await first.append({ writeStream, ...one })
  second.cancel()
  await second.failure
  first.end()
  await client.getWriteStream({ name: writeStream })
  expect(server.connections()).toBe(0)
})

test('one HTTP/2 connection carries 100 calls unless said otherwise', async () => {
  const { client, server } = await start()
  const sessions = Array.from({ length: 100 }, () => new AppendSession(client))
  await Promise.all(sessions.map((session) => session.append({ writeStream, ...one })))
  const last = new AppendSession(client).append({ writeStream, ...one })
  await sessions[99]?.append({ writeStream, ...one })
  expect(server.connections()).toBe(100)
  sessions[0]?.end()
  expect((await last).appendResult).toBeTruthy()
})
