import { expect, test } from 'vitest'
import { restError } from '../../functions/clients/rest-error.ts'
import { Failure, isDenied } from '../../functions/model/failure.ts'

test.each([
  [true, 403, ['accessDenied']],
  [true, 403, ['forbidden']],
  // A refused download: its body is plain text.
  [true, '403', []],
  [false, 403, ['quotaExceeded']],
  [false, 403, ['rateLimitExceeded']],
  [false, 404, ['notFound']],
])('a permission is missing: %s, of a %s for %j', (denied, code, reasons) => {
  const answer = Object.assign(new Error('no'), { code, errors: reasons.map((reason) => ({ reason })) })
  const failure = new Failure('system', 'parse', 'read_failed', 'reading: no', restError(answer))
  expect(isDenied(failure)).toBe(denied)
  expect(isDenied(new Failure('system', 'append', 'group_failed', 'its group failed', failure))).toBe(denied)
})
