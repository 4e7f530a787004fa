import { describe, expect, test } from 'vitest'
import { type Check, NotChecked, pass } from '../../scripts/doctor/check.ts'
import { doctorText } from '../../scripts/doctor/report.ts'
import { runChecks } from '../../scripts/doctor/run-checks.ts'

const check = (what: string, run: Check['run'], after?: Check): Check => ({
  group: 'event',
  what,
  asks: 'sqs:GetQueueUrl on q',
  make: 'make it',
  run,
  ...(after && { after }),
})
const error = (name: string, fields: object = {}) =>
  Object.assign(new Error(`${name} said\nmore`), { name, ...fields })
const throws = (thrown: unknown) => async () => {
  throw thrown
}
const states = async (...checks: Check[]) =>
  (await runChecks(checks, { timeoutMs: 50 })).map(({ state, detail, fix }) => ({ state, detail, fix }))

describe('a check that gets no answer to judge', () => {
  test.each([
    ['nothing is there, says S3', error('NoSuchBucket'), 'fail', 'does not exist', 'make it'],
    ['nothing is there, says gRPC', error('Error', { code: 5 }), 'fail', 'does not exist', 'make it'],
    ['nothing is there, says HTTP', error('Error', { status: 404 }), 'fail', 'does not exist', 'make it'],
    ['it may not ask, says AWS', error('AccessDenied'), 'skip', 'AccessDenied said', 'sqs:GetQueueUrl on q'],
    [
      'it may not ask, says Google',
      error('Error', { code: '403' }),
      'skip',
      'Error said',
      'sqs:GetQueueUrl on q',
    ],
    ['nobody has signed in', error('CredentialsProviderError'), 'skip', 'no credentials', 'sign in'],
    ['a fact is missing', new NotChecked('no account', 'say which'), 'skip', 'no account', 'say which'],
    ['it meets anything else', error('Teapot'), 'fail', 'Teapot said', 'try again'],
    ['something is thrown that is no error', 'a string', 'fail', 'a string', 'try again'],
  ])('%s', async (_name, thrown, state, detail, fix) => {
    const [result] = await states(check('it', throws(thrown)))
    expect(result).toMatchObject({
      state,
      detail: expect.stringContaining(detail),
      fix: expect.stringContaining(fix),
    })
    expect(result?.detail).not.toContain('\n')
  })

  test('is given up on by its deadline, the others being made meanwhile', async () => {
    const stuck = check('stuck', () => new Promise(() => undefined))
    const [late, other] = await states(
      stuck,
      check('other', async () => pass('well')),
    )
    expect(late).toMatchObject({ state: 'fail', detail: 'the service: no answer within 0.05 s' })
    expect(other).toMatchObject({ state: 'pass' })
  })
})

describe('a check that comes after another', () => {
  const there = check('queue', throws(error('QueueDoesNotExist')))
  const policy = check('policy', async () => pass('well'), there)

  test('waits for what is to be mended, however far before', async () => {
    const deepest = check('events', async () => pass('well'), policy)
    const results = await runChecks([deepest, policy, there], { timeoutMs: 50 })
    expect(results.map(({ state }) => state)).toEqual(['skip', 'skip', 'fail'])
    expect(results.map(({ waitsFor }) => waitsFor?.what)).toEqual(['queue', 'queue', undefined])
  })

  test('waits for what would mislead it', async () => {
    const other = check('account', async () => ({
      state: 'fail',
      detail: 'another',
      fix: 'sign in',
      stops: true,
    }))
    const [, after] = await states(
      other,
      check('queue', async () => pass('well'), other),
    )
    expect(after).toMatchObject({ state: 'skip', detail: 'waits for account' })
  })

  test('is made when that one found something to complain of', async () => {
    const complains = check('queue', async () => ({ state: 'fail', detail: 'bad', fix: 'mend' }))
    const [, after] = await states(
      complains,
      check('policy', async () => pass('well'), complains),
    )
    expect(after?.state).toBe('pass')
  })
})

test('what it prints cannot drive a terminal', async () => {
  const results = await runChecks([check('it', throws(new Error('\u001b[2Jgone')))], { timeoutMs: 50 })
  const plain = doctorText(results, { isTty: false, noColor: false, columns: 80 })
  expect(plain).toContain('\\x1b[2Jgone')
  expect(plain).not.toContain('\u001b')
  expect(doctorText(results, { isTty: true, noColor: false, columns: 80 })).toContain('\u001b[31mFAIL')
  expect(doctorText(results, { isTty: true, noColor: true, columns: 80 })).toBe(plain)
})
