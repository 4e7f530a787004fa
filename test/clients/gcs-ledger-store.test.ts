import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GcsLedgerStore } from '../../functions/clients/gcs-ledger-store.ts'
import { LedgerStoreError } from '../../functions/commit/ledger-store.ts'
import { objectHeaders } from './object-headers.ts'
import {
  type Answer,
  brokenOff,
  bytes,
  hangUp,
  held,
  json,
  refusal,
  ScriptedHttp,
  silence,
} from './scripted-http.ts'

let http: ScriptedHttp
let store: GcsLedgerStore

beforeEach(async () => {
  http = await ScriptedHttp.start()
  vi.stubEnv('STORAGE_EMULATOR_HOST', http.url)
  store = new GcsLedgerStore('example-project', 'example-ledger', 300)
})
afterEach(async () => {
  await http.stop()
  vi.unstubAllEnvs()
})

const name = 'claims/one'
const calls = {
  create: () => store.create(name, '{"a":1}'),
  replace: () => store.replace(name, '{"a":2}', '17'),
  read: () => store.read(name),
}
const kinds = ['create', 'replace', 'read'] as const
const written = json({ generation: '18' })

/** What became of a call that was answered so. */
async function outcomeOf(kind: (typeof kinds)[number], answer: Answer): Promise<unknown> {
  http.script(answer)
  return calls[kind]().catch((error: unknown) => error)
}

test('an object is created on the condition that there is none, and replaced on that of its generation', async () => {
  http.script(written, written)
  expect(await calls.create()).toEqual({ kind: 'written', generation: '18' })
  expect(await calls.replace()).toEqual({ kind: 'written', generation: '18' })
  const upload = { method: 'POST', path: '/upload/storage/v1/b/example-ledger/o' }
  expect(http.heard).toMatchObject([
    { ...upload, query: { uploadType: 'multipart', name, ifGenerationMatch: '0' } },
    { ...upload, query: { uploadType: 'multipart', name, ifGenerationMatch: '17' } },
  ])
  expect(http.heard.map(({ body }) => body)).toEqual([
    expect.stringContaining('{"a":1}'),
    expect.stringContaining('{"a":2}'),
  ])
})

test('the service is told the hash of what it is to have got', async () => {
  await outcomeOf('create', written)
  expect(http.heard[0]?.body).toContain(createHash('md5').update('{"a":1}').digest('base64'))
})

test('a condition that did not hold is no error', async () => {
  expect(await outcomeOf('create', refusal(412))).toEqual({ kind: 'exists' })
  expect(await outcomeOf('replace', refusal(412))).toEqual({ kind: 'changed' })
})

test('only 404 is absence, and only to a read', async () => {
  expect(await outcomeOf('read', refusal(404))).toBeUndefined()
  for (const kind of ['create', 'replace'] as const) {
    expect(await outcomeOf(kind, refusal(404))).toMatchObject({ name: 'LedgerStoreError', retryable: false })
  }
  expect(await outcomeOf('read', refusal(412))).toMatchObject({ name: 'LedgerStoreError', retryable: false })
})

const troubles: readonly (readonly [string, boolean, Answer])[] = [
  ...[400, 401, 403].map((status) => [`${status}`, false, refusal(status)] as const),
  ...[408, 429, 500, 502, 503, 504].map((status) => [`${status}`, true, refusal(status)] as const),
  ['a connection that is closed', true, hangUp],
  ['no answer', true, silence],
  ['an answer that breaks off', true, brokenOff('{"generation":"18"')],
  ['an answer that is none of the service', true, bytes('<html>sign in</html>', objectHeaders('another'))],
  ['an empty answer', true, bytes('')],
]

test.each(kinds.flatMap((kind) => troubles.map((trouble) => [kind, ...trouble] as const)))(
  '%s: %s is an error, after one request; worth trying again: %s',
  async (kind, _, retryable, answer) => {
    const outcome = await outcomeOf(kind, answer)
    expect(outcome).toBeInstanceOf(LedgerStoreError)
    expect(outcome).toMatchObject({ retryable })
    expect(http.heard).toHaveLength(1)
  },
)

test('a write whose reply is garbled deletes nothing', async () => {
  const garbled = json({ generation: '18', crc32c: 'AAAAAA==' })
  await outcomeOf('create', garbled)
  await outcomeOf('replace', garbled)
  expect(http.heard.map(({ method }) => method)).toEqual(['POST', 'POST'])
})

test('a read is one request, which gives what is there and its generation', async () => {
  const body = '{"é":1}'
  expect(
    await outcomeOf('read', bytes(body, objectHeaders(body, { 'x-goog-generation': '17' }))),
  ).toMatchObject({
    body,
    generation: '17',
  })
  expect(http.heard).toMatchObject([
    { method: 'GET', path: `/b/example-ledger/o/${encodeURIComponent(name)}`, query: { alt: 'media' } },
  ])
})

test.each([
  [
    'both times',
    { date: 'Fri, 20 Nov 2026 10:15:30 GMT', 'last-modified': 'Fri, 20 Nov 2026 10:14:00 GMT' },
    90_000,
  ],
  ['no time of writing', { date: 'Fri, 20 Nov 2026 10:15:30 GMT' }, 0],
  ['a time that is none', { 'last-modified': 'yesterday' }, 0],
])('the age of what was read is by the times of the service: with %s', async (_, times, age) => {
  const headers = objectHeaders('{}', { 'x-goog-generation': '17', ...times })
  expect(await outcomeOf('read', bytes('{}', headers))).toMatchObject({ age })
})

test('what was garbled on its way is an error', async () => {
  const headers = objectHeaders('{"a":1}', { 'x-goog-generation': '17' })
  expect(await outcomeOf('read', bytes('{"a":9}', headers))).toMatchObject({ retryable: true })
})

test.each(kinds)('%s: an answer that comes after it was given up is let go', async (kind) => {
  for (const answer of [bytes('{}', objectHeaders('{}')), written, refusal(412), refusal(503), hangUp]) {
    const late = held(answer)
    expect(await outcomeOf(kind, late.answer)).toMatchObject({ name: 'LedgerStoreError', retryable: true })
    late.release()
    await late.done
  }
  expect(http.heard).toHaveLength(5)
})
