import { withDeadline } from '../../functions/model/deadline.ts'
import { Semaphore } from '../../functions/model/semaphore.ts'
import { type Check, type Finding, NotChecked } from './check.ts'
import { shortMessage, troubleOf } from './trouble.ts'

/** What came of a check. `skip`: it could not be made. */
export interface Result {
  readonly check: Check
  readonly state: Finding['state'] | 'skip'
  readonly detail: string
  /** Absent when it passed. */
  readonly fix?: string
  /** Whether checks that come after it make sense. */
  readonly found: boolean
  /** The check that has to find something before this one can be made. */
  readonly waitsFor?: Check
}

export interface RunOptions {
  /** Milliseconds one check may take, not counting those it waits for. */
  readonly timeoutMs: number
  readonly onResult?: (done: number) => void
}

/** Calls under way at once: more would meet rate limits of IAM, and many sources make many checks. */
const concurrency = 16

/** Makes all checks, each by its deadline, and gives the results in their order. Never rejects for a check's sake. */
export async function runChecks(checks: readonly Check[], options: RunOptions): Promise<Result[]> {
  const semaphore = new Semaphore(concurrency)
  const results = new Map<Check, Promise<Result>>()
  let done = 0
  const resultOf = (check: Check): Promise<Result> => {
    const known = results.get(check)
    if (known !== undefined) return known
    const result = run(check).finally(() => options.onResult?.(++done))
    results.set(check, result)
    return result
  }
  const run = async (check: Check): Promise<Result> => {
    const before = check.after && (await resultOf(check.after))
    if (before && !before.found) return { ...waiting(before), check }
    const release = await semaphore.acquire(1)
    try {
      const found = await withDeadline(check.run(), options.timeoutMs, 'the service')
      return { check, ...found, found: !('stops' in found) }
    } catch (error) {
      return unanswered(check, error)
    } finally {
      release()
    }
  }
  return Promise.all(checks.map(resultOf))
}

/** As people would say it. */
export function nameOf({ source, what }: Check): string {
  return source === undefined ? what : `${source}: ${what}`
}

function unanswered(check: Check, error: unknown): Result {
  if (error instanceof NotChecked) return notChecked(check, error.message, error.fix)
  switch (troubleOf(error)) {
    case 'absent':
      return { check, state: 'fail', detail: 'it does not exist', fix: check.make, found: false }
    case 'no-credentials':
      return notChecked(
        check,
        'there are no credentials for it',
        `sign in with an account that has ${check.asks}`,
      )
    case 'forbidden':
      return notChecked(
        check,
        `not permitted: ${shortMessage(error)}`,
        `ask as someone who has ${check.asks}`,
      )
    case 'other':
      return failed(check, shortMessage(error))
  }
}

function failed(check: Check, detail: string): Result {
  const fix =
    'try again; if it stays, see whether that service is reachable from here and is itself in trouble'
  return { check, state: 'fail', detail, fix, found: false }
}

/** Of the checks before it, the one that is to be mended. */
function waiting({ waitsFor, check }: Result): Omit<Result, 'check'> {
  const root = waitsFor ?? check
  return { state: 'skip', detail: `waits for ${nameOf(root)}`, found: false, waitsFor: root }
}

function notChecked(check: Check, detail: string, fix?: string): Result {
  return { check, state: 'skip', detail, found: false, ...(fix !== undefined && { fix }) }
}
