import { describe, expect, test } from 'vitest'
import type { Table } from '../../functions/model/table.ts'
import { rowDescriptor } from '../../functions/split/encode/descriptor.ts'
import { encodeRow } from '../../functions/split/encode/encode-row.ts'
import { ProtoWriter } from '../../functions/split/encode/proto-writer.ts'
import { logTableLayout } from '../../functions/split/tables/log-table.ts'
import { seededRandom } from '../../scripts/random.ts'
import { drawObject } from '../../scripts/simulate/draw-object.ts'
import { code } from '../../scripts/simulate/grpc-codes.ts'
import { LandingBucket } from '../../scripts/simulate/landing-bucket.ts'
import { LedgerServer } from '../../scripts/simulate/ledger-server.ts'
import { Process } from '../../scripts/simulate/process.ts'
import { type Streams, thisRevision } from '../../scripts/simulate/revision.ts'
import { calm } from '../../scripts/simulate/weather.ts'
import { World } from '../../scripts/simulate/world.ts'
import { WriteServer, type WriteServerOptions } from '../../scripts/simulate/write-server.ts'

const minute = 60_000
const table: Table = {
  dataset: 'logs',
  name: 'ecs_servers',
  layout: logTableLayout({ name: 'ecs', format: 'json-lines' }),
}
const descriptor = rowDescriptor(table.layout.columns)
const row = encodeRow(new ProtoWriter(), table.layout.columns, { app: 'servers', message: 'a line' })

/** A write server with one table, and how to call it. */
async function startWrite(streams: Streams, options: Partial<WriteServerOptions>) {
  const world = new World(seededRandom(1), calm)
  const process = new Process('one')
  const { errors } = await thisRevision()
  const server = new WriteServer(world, {
    forgetsAfter: undefined,
    learnsWithin: 0,
    refusals: [],
    ...options,
  })
  const wait = async <T>(call: Promise<T>) => (await Promise.all([call, world.run(10_000)]))[0]
  const later = (millis: number) => wait(world.sleep(process, millis))
  const catalog = server.catalogFor(process, errors)
  await wait(catalog.create(table))
  await later(minute)
  const api = server.clientFor(process, { streams, errors })
  const codeOf = (call: Promise<unknown>) =>
    wait(
      call.then(
        () => 'done',
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
      ),
    )
  return { world, catalog, api, wait, later, codeOf }
}

describe('the simulated write side', () => {
  test('forgets a stream that had no traffic for a while', async () => {
    const { api, wait, later, codeOf } = await startWrite('BUFFERED', { forgetsAfter: 60 * minute })
    const stream = await wait(api.createStream(table))
    const connection = api.open(stream, descriptor)
    expect(await wait(connection.append([row, row], 0))).toMatchObject({ kind: 'appended' })
    await later(59 * minute)
    expect(await codeOf(api.flush(stream, 0))).toBe('done')
    await later(59 * minute)
    expect(await codeOf(api.flush(stream, 1))).toBe('done')
    await later(61 * minute)
    expect(await codeOf(api.flush(stream, 1))).toBe(code.notFound)
    const reply = await wait(api.open(stream, descriptor).append([row], 2))
    expect(reply).toMatchObject({ code: code.notFound, storageError: 'STREAM_NOT_FOUND' })
  })

  test('ends a connection that is idle, and one whose stream is opened again', async () => {
    const { api, wait, later } = await startWrite('BUFFERED', {})
    const stream = await wait(api.createStream(table))
    const first = api.open(stream, descriptor)
    await later(11 * minute)
    expect(await wait(first.append([row], 0))).toMatchObject({ kind: 'lost', code: code.aborted })
    const second = api.open(stream, descriptor)
    api.open(stream, descriptor)
    expect(await wait(second.append([row], 0))).toMatchObject({ kind: 'lost', code: code.aborted })
  })

  test('learns of a column some time after it came, and says what rows are too wide in two ways', async () => {
    const { catalog, api, wait, later } = await startWrite('PENDING', { learnsWithin: 10 * minute })
    const columns = [...table.layout.columns, { name: 'field_1', type: 'INT64' as const, description: 'new' }]
    const wide = rowDescriptor(columns)
    const wider = { ...table, layout: { ...table.layout, columns } }
    const stream = await wait(api.createStream(table))
    expect(await wait(catalog.widen(wider))).toContainEqual({
      name: 'field_1',
      type: 'INT64',
      mode: 'NULLABLE',
    })
    const kinds = new Set<string>()
    for (let n = 0; n < 20; n++) {
      const reply = await wait(api.open(stream, wide).append([row], 0))
      expect(reply).toMatchObject({
        code: code.invalidArgument,
        storageError: 'SCHEMA_MISMATCH_EXTRA_FIELDS',
      })
      kinds.add(reply.kind)
    }
    expect(kinds).toEqual(new Set(['refused', 'lost']))
    await later(10 * minute)
    expect(await wait(api.open(stream, wide).append([row], 0))).toMatchObject({ kind: 'appended' })
    expect(await wait(catalog.names('logs', 'ecs_', 5))).toEqual(['ecs_servers'])
  })

  test('denies what it is told to deny, for a while', async () => {
    const refusals = [{ call: 'publish' as const, from: 0, to: 10 * minute }]
    const { api, wait, later, codeOf } = await startWrite('BUFFERED', { refusals })
    const stream = await wait(api.createStream(table))
    await wait(api.open(stream, descriptor).append([row], 0))
    expect(await codeOf(api.flush(stream, 0))).toBe(code.permissionDenied)
    await later(10 * minute)
    expect(await codeOf(api.flush(stream, 0))).toBe('done')
  })
})

test('the simulated ledger says how old an object is, by its own clock', async () => {
  const world = new World(seededRandom(1), calm)
  const process = new Process('one')
  const store = new LedgerServer(world).clientFor(process, (await thisRevision()).errors)
  const wait = async <T>(call: Promise<T>) => (await Promise.all([call, world.run(10_000)]))[0]
  const created = await wait(store.create('claims/old', 'one'))
  await wait(world.sleep(process, minute))
  const old = await wait(store.read('claims/old'))
  expect(Object.entries(old ?? {}).find(([name]) => name === 'age')?.[1]).toBeGreaterThan(minute)
  await wait(store.replace('claims/old', 'two', created.kind === 'written' ? created.generation : ''))
  const young = await wait(store.read('claims/old'))
  expect(Object.entries(young ?? {}).find(([name]) => name === 'age')?.[1]).toBeLessThan(minute)
})

test.each([
  ['is gone when another lands under its name', false, undefined, [true, false, false]],
  ['is kept beside others', true, undefined, [true, true, true]],
  ['expires', true, 15 * minute, [true, true, false]],
])('a copy %s', (_, keepsVersions, expiresAfter, held) => {
  const object = drawObject(seededRandom(1), { source: 'sim', key: 'log-0', etag: 'a' })
  const copies = [0, 10 * minute].map((landsAt, n) => ({
    object,
    landsAt,
    generation: n + 1,
    announcedAfter: [],
  }))
  const world = new World(seededRandom(1), calm)
  const bucket = new LandingBucket(world, copies, { keepsVersions, expiresAfter })
  const first = copies[0]
  const holds = [9 * minute, 11 * minute, 16 * minute].map((now) => {
    world.now = now
    return first && bucket.holds(first)
  })
  expect(holds).toEqual(held)
})

test('a process that stands still learns of answers when it goes on; one that died never', async () => {
  const weather = { ...calm, freeze: 1, freezeMillis: minute }
  const world = new World(seededRandom(1), weather)
  const [frozen, dead] = [new Process('frozen'), new Process('dead')]
  world.maybeFail(frozen, 'in the test')
  world.calm()
  const woken: string[] = []
  for (const process of [frozen, dead])
    world.sleep(process, 1).then(
      () => woken.push(`${process.name} at ${world.now}`),
      () => undefined,
    )
  dead.die()
  await world.run(100)
  expect(frozen.frozenUntil).toBeGreaterThan(100)
  expect(woken).toEqual([`frozen at ${frozen.frozenUntil}`])
})
