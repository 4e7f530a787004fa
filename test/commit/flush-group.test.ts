import { expect, test } from 'vitest'
import { type CommitReply, grpc, type WriteApi, WriteApiError } from '../../functions/append/write-api.ts'
import { flushGroup } from '../../functions/commit/flush-group.ts'

const visible = { kind: 'visible' }
const gone = { kind: 'object', code: 'commit_refused' }
const later = { kind: 'system', code: 'commit_unavailable' }
const never = () => {
  throw new Error('not called here')
}
const retry = { firstDelayMs: 1, longestDelayMs: 1, deadlineMs: 10 }
const address = { dataset: 'logs', name: 'sim_web', rows: 3 }
const standing = { ...address, stream: 'stream', offset: 2 }
const pending = { ...address, streams: ['one', 'two'] }

/** What becomes of one table when the service answers its call like this, however often. */
async function outcomeOf(table: typeof standing | typeof pending, answer: CommitReply | WriteApiError) {
  let now = 0
  const answered = async () => {
    if (answer instanceof Error) throw answer
    return answer
  }
  const api: WriteApi = {
    createStream: never,
    open: never,
    defaultStream: never,
    flush: async () => void (await answered()),
    commit: answered as WriteApi['commit'],
  }
  const sleep = async (millis: number) => {
    now += millis
  }
  const failures = await flushGroup(
    { tables: [table] },
    { api, retry, clock: { now: () => now, sleep, random: () => 0.5 } },
  )
  const failure = failures.get(0)
  return failure ?? visible
}

const error = (code: number) => new WriteApiError(code, 'no')
const refusedFor = (...codes: string[]): CommitReply => ({
  kind: 'refused',
  errors: codes.map((code) => ({ code, message: '' })),
})

test.each([
  ['an answer', { kind: 'committed' } as const, visible],
  ['ALREADY_EXISTS', error(grpc.alreadyExists), visible],
  ['NOT_FOUND', error(grpc.notFound), gone],
  ['INVALID_ARGUMENT', error(grpc.invalidArgument), gone],
  ['OUT_OF_RANGE', error(grpc.outOfRange), gone],
  ['PERMISSION_DENIED', error(grpc.permissionDenied), later],
  ['UNAVAILABLE for good', error(grpc.unavailable), later],
])('a flush answered by %s', async (_, answer, expected) => {
  expect(await outcomeOf(standing, answer)).toMatchObject(expected)
})

test.each([
  ['committed', { kind: 'committed' } as const, visible],
  ['both committed before', refusedFor('STREAM_ALREADY_COMMITTED', 'STREAM_ALREADY_COMMITTED'), visible],
  ['no commit time, and no reason', refusedFor(), gone],
  ['a stream that is gone', refusedFor('STREAM_NOT_FOUND'), gone],
  ['a key out of reach', refusedFor('KMS_SERVICE_ERROR'), later],
  ['PERMISSION_DENIED', error(grpc.permissionDenied), later],
])('a commit of an earlier revision answered by: %s', async (_, answer, expected) => {
  expect(await outcomeOf(pending, answer)).toMatchObject(expected)
})
