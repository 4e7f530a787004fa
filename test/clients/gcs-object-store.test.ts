import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GcsObjectStore } from '../../functions/clients/gcs-object-store.ts'
import { Failure } from '../../functions/model/failure.ts'
import { objectHeaders } from './object-headers.ts'
import {
  type Answer,
  brokenOff,
  bytes,
  hangUp,
  held,
  refusal,
  ScriptedHttp,
  silence,
} from './scripted-http.ts'

const object = {
  bucket: 'example-landing',
  name: 's3/example-logs/a b.log',
  generation: '1795169700000001',
  bytes: 10,
  landedAt: 0,
  source: { bucket: 'example-logs', key: 'a b.log', etag: 'one' },
}
const body = 'two lines\nof a log\n'
let http: ScriptedHttp

beforeEach(async () => {
  http = await ScriptedHttp.start()
  vi.stubEnv('STORAGE_EMULATOR_HOST', http.url)
})
afterEach(async () => {
  await http.stop()
  vi.unstubAllEnvs()
})

/** What reading the object comes to when its requests are answered so. */
async function readOf(...answers: readonly Answer[]): Promise<unknown> {
  http.script(...answers)
  const read = buffer(new GcsObjectStore('example-project', 300).read(object))
  return read.then(String, (error: unknown) => error)
}

test('the generation that was announced is read, by one request', async () => {
  expect(await readOf(bytes(body, objectHeaders(body)))).toBe(body)
  const path = '/b/example-landing/o/s3%2Fexample-logs%2Fa%20b.log'
  expect(http.heard).toMatchObject([
    { method: 'GET', path, query: { alt: 'media', generation: object.generation } },
  ])
})

test('what was stored compressed is given as it is stored', async () => {
  const headers = { 'content-encoding': 'gzip', 'x-goog-stored-content-encoding': 'gzip' }
  expect(await readOf(bytes(body, { ...objectHeaders(body), ...headers }))).toBe(body)
})

test('404 is an object that is gone, whoever tries', async () => {
  const failure = await readOf(refusal(404))
  expect(failure).toBeInstanceOf(Failure)
  expect(failure).toMatchObject({ kind: 'object', stage: 'parse', code: 'object_missing' })
  expect(http.heard).toHaveLength(1)
})

const readFailed = { kind: 'system', stage: 'parse', code: 'read_failed' }

test.each<readonly [string, Answer]>([
  ['400', refusal(400)],
  ['401', refusal(401)],
  ['403', refusal(403)],
  ...[408, 412, 429, 500, 503].map((status) => [String(status), refusal(status)] as const),
  ['no answer', silence],
  ['a connection that is closed', hangUp],
  ['a download that breaks off', brokenOff(body, objectHeaders(body))],
  ['a download that breaks off and has no checksum', brokenOff(body)],
  ['a wrong checksum', bytes(body, objectHeaders('another'))],
  ['a wrong checksum of nothing', bytes('', objectHeaders('another'))],
])('%s says nothing of the object, and the client does not ask again', async (_, answer) => {
  const failure = await readOf(answer)
  expect(failure).toBeInstanceOf(Failure)
  expect(failure).toMatchObject(readFailed)
  expect(http.heard).toHaveLength(1)
})

test('a download that stalls half-way is given up, and its connection closed', async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const stalled: Answer = (response) => {
    response.once('close', resolve).writeHead(200, objectHeaders(body)).write(body.slice(0, 4))
  }
  expect(await readOf(stalled)).toMatchObject(readFailed)
  await closed
})

test('an answer that comes after it was given up is let go', async () => {
  for (const answer of [bytes(body, objectHeaders(body)), bytes(body), refusal(404), refusal(503)]) {
    const late = held(answer)
    expect(await readOf(late.answer)).toMatchObject(readFailed)
    late.release()
    await late.done
  }
  // By then the process has heard the last of them too.
  expect(await readOf(bytes(body, objectHeaders(body)))).toBe(body)
  expect(http.heard).toHaveLength(5)
})

test('an error after the last byte was taken ends no process', async () => {
  http.script(brokenOff(body, objectHeaders(body)))
  const stream = new GcsObjectStore('example-project').read(object)
  for await (const chunk of stream) {
    expect(String(chunk)).toBe(body)
    break
  }
  expect(stream.destroyed).toBe(true)
})
