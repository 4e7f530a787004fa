import type { Statement } from '../../cdktf/aws/policy.ts'
import { fail, type Problem, warn } from './check.ts'
import { type Allowance, allowances, readStatements, sameAllowance } from './policy-document.ts'

/**
 * Whether a queue's policy lets in whom it should, and nobody else. `sender` is the statement the stack makes;
 * a statement may say it in other words.
 */
export function judgeQueuePolicy(document: string | undefined, sender: Statement, fix: string): Problem[] {
  if (!document) return [fail(`nobody may send to it: the policy is empty`, fix)]
  const statements = readStatements(document)
  const [wanted] = allowances([{ ...sender }])
  const given = allowances(statements)
  const service = wanted?.principals.join() ?? ''
  const sends = wanted !== undefined && given.some((one) => sameAllowance(one, wanted))
  const others = given.filter((one) => !wanted || !sameAllowance(one, wanted))
  const almost = others.find(({ principals }) => principals.join() === service)
  return [
    ...(sends ? [] : [fail(missing(service, almost, wanted), fix)]),
    ...others.filter((one) => sends || one !== almost).map((one) => tooMuch(one, fix)),
    ...(statements.some(refusesPlainHttp) ? [] : [warn('it does not refuse plain HTTP', fix)]),
  ]
}

function missing(service: string, almost: Allowance | undefined, wanted: Allowance | undefined): string {
  if (!almost) return `${service} may not send to it`
  return `${service} may send on other terms: ${JSON.stringify(almost.condition)}, not ${JSON.stringify(wanted?.condition)}`
}

function tooMuch({ principals, actions, condition }: Allowance, fix: string): Problem {
  const anyone = principals.some((principal) => principal.endsWith('*'))
  const what = `${anyone ? 'anyone' : principals.join(', ')} may ${actions.join(', ')}`
  return anyone && Object.keys(condition).length === 0
    ? fail(`${what}, without a condition`, fix)
    : warn(`${what} besides`, fix)
}

function refusesPlainHttp({ Effect, Condition }: Record<string, unknown>): boolean {
  return Effect === 'Deny' && /"aws:securetransport":\[?"?false"?/i.test(JSON.stringify(Condition ?? ''))
}
