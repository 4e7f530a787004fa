import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import type { Clients } from '../clients.ts'
import { NotChecked } from './check.ts'
import { shortMessage } from './trouble.ts'

/** What the checks are made of: the plan, the clients, and facts that several of them need, each asked for once. */
export interface About {
  readonly bridge: Bridge
  /** The sources to look at. */
  readonly sources: readonly DeployedSource[]
  readonly clients: Clients
  /** The account the resources are in. */
  readonly account: () => Promise<string>
  /** Whom the roles have to trust: as Google says or, when it cannot be asked, the configuration. */
  readonly subjectId: () => Promise<string>
  readonly transferAgent: () => Promise<{ readonly email: string; readonly subjectId: string }>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The command that makes a cloud as the configuration says. */
  readonly deploy: (cloud: 'aws' | 'google') => string
}

export type AboutOptions = Omit<About, 'account' | 'transferAgent' | 'subjectId'>

export const signInToGoogle = 'sign in: gcloud auth application-default login'

export function aboutOf(options: AboutOptions): About {
  const { bridge, clients } = options
  const { project, transferSubjectId } = bridge.google
  const transferAgent = once(async () => {
    const [agent] = await clients.transfer.getGoogleServiceAccount({ projectId: project })
    return { email: agent.accountEmail ?? '', subjectId: agent.subjectId ?? '' }
  })
  return {
    ...options,
    transferAgent,
    account: once(async () => bridge.aws.account ?? (await known(callerAccount(clients), unknownAccount))),
    subjectId: once(async () => {
      const asked = transferAgent().then(({ subjectId }) => subjectId)
      return known(transferSubjectId ? asked.catch(() => transferSubjectId) : asked, unknownAgent)
    }),
  }
}

const unknownAccount = {
  what: 'the AWS account is not known',
  fix: 'set aws.account in the configuration, or sign in to AWS',
}
const unknownAgent = {
  what: 'Google does not say who the transfer service agent is',
  fix: `${signInToGoogle}, as someone who has storagetransfer.projects.getServiceAccount`,
}

/** A fact a check cannot do without; what fails is not what it checks. */
export async function known<T>(
  fact: Promise<T>,
  missing: { readonly what: string; readonly fix: string },
): Promise<T> {
  try {
    return await fact
  } catch (error) {
    throw new NotChecked(`${missing.what}: ${shortMessage(error)}`, missing.fix)
  }
}

export async function callerAccount({ sts }: Clients): Promise<string> {
  const { Account } = await sts.send(new GetCallerIdentityCommand({}))
  if (!Account) throw new Error('STS names no account')
  return Account
}

/** The same promise whenever it is asked for. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= work())
}
