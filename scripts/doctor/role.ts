import { GetRoleCommand, GetRolePolicyCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam'
import { queueArn } from '../../cdktf/aws/names.ts'
import { transferPolicy } from '../../cdktf/aws/role-policies.ts'
import { transferRoleName } from '../../functions/config/names.ts'
import type { DeployedSource } from '../../functions/config/schema.ts'
import type { About } from './about.ts'
import { type Check, fail, finding, type Problem, warn } from './check.ts'
import { allowances, matches, readStatements } from './policy-document.ts'

/** The role the transfer service reads a source with: who may take it, and what it may do. */
export function roleChecks(about: About, source: DeployedSource, caller: Check): Check[] {
  const { bridge, clients, account, subjectId: agentsId, deploy } = about
  const RoleName = transferRoleName(bridge, source)
  const fix = deploy('aws')
  const shared = { group: 'transfer', source: source.name, make: fix } as const
  const trust: Check = {
    ...shared,
    what: `trust of role ${RoleName}`,
    asks: `iam:GetRole on ${RoleName}`,
    after: caller,
    run: async () => {
      const { Role } = await clients.iam.send(new GetRoleCommand({ RoleName }))
      const subjectId = await agentsId()
      const document = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')
      const again = `set google.transferSubjectId: '${subjectId}', then ${fix}`
      return finding(judgeTrust(document, subjectId, again), `the transfer service agent, ${subjectId}`)
    },
  }
  const asks = `iam:ListRolePolicies and iam:GetRolePolicy on ${RoleName}`
  const permissions: Check = {
    ...shared,
    what: 'permissions of the role',
    asks,
    after: trust,
    run: async () => {
      const { PolicyNames = [] } = await clients.iam.send(new ListRolePoliciesCommand({ RoleName }))
      const documents = await Promise.all(
        PolicyNames.map(async (PolicyName) => {
          const { PolicyDocument = '' } = await clients.iam.send(
            new GetRolePolicyCommand({ RoleName, PolicyName }),
          )
          return decodeURIComponent(PolicyDocument)
        }),
      )
      const wanted = transferPolicy(bridge, source, queueArn(bridge, await account(), source))
      return finding(judgePermissions(documents, wanted, fix), 'reads the bucket and the queue')
    },
  }
  return [trust, permissions]
}

const subject = 'StringEquals accounts.google.com:sub'

/** Only Google's transfer service agent with this subject id may take the role. */
export function judgeTrust(document: string, subjectId: string, fix: string): Problem[] {
  const given = allowances(readStatements(document))
  const google = given.filter(
    ({ principals, actions }) =>
      principals.includes('Federated:accounts.google.com') &&
      actions.some((pattern) => matches(pattern, 'sts:assumerolewithwebidentity')),
  )
  const trusted = google.flatMap(({ condition }) => condition[subject] ?? [])
  const open = google.filter(({ condition }) => condition[subject] === undefined)
  const others = given.filter((one) => !google.includes(one)).flatMap(({ principals }) => principals)
  return [
    ...(open.length > 0
      ? [fail('it trusts whoever signs in at Google: no condition on accounts.google.com:sub', fix)]
      : []),
    ...(trusted.includes(subjectId)
      ? trusted.filter((one) => one !== subjectId).map((one) => warn(`it trusts ${one} too`, fix))
      : [fail(`it trusts ${trusted.join(', ') || 'nobody'} of Google, and the agent is ${subjectId}`, fix)]),
    ...others.map((one) => (one.endsWith('*') ? fail : warn)(`it trusts ${one} too`, fix)),
  ]
}

/** Whether policies together allow each action of the wanted one on its resources; more is not looked for. */
export function judgePermissions(documents: readonly string[], wanted: string, fix: string): Problem[] {
  const given = documents.flatMap((document) => allowances(readStatements(document)))
  const allowed = (action: string, resource: string) =>
    given.some(
      ({ actions, resources }) =>
        actions.some((pattern) => matches(pattern, action)) &&
        resources.some((pattern) => matches(pattern, resource)),
    )
  const lacking = allowances(readStatements(wanted))
    .flatMap(({ actions, resources }) => actions.flatMap((action) => resources.map((on) => ({ action, on }))))
    .filter(({ action, on }) => !allowed(action, on))
    .map(({ action, on }) => `${action} on ${on}`)
  return lacking.length === 0 ? [] : [fail(`it may not ${lacking.join(', ')}`, fix)]
}
