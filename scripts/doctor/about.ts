import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { Bridge, DeployedSource } from '../../functions/config/schema.ts'
import { NotChecked } from './check.ts'
import type { Clients } from './clients.ts'
import { troubleOf } from './trouble.ts'

/** What the checks are made of: the plan, the clients, and facts that several of them need, each asked for once. */
export interface About {
  readonly bridge: Bridge
  /** The sources to look at. */
  readonly sources: readonly DeployedSource[]
  readonly clients: Clients
  /** The account the resources are in. */
  readonly account: () => Promise<string>
  readonly transferAgent: () => Promise<{ readonly email: string; readonly subjectId: string }>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The command that makes a cloud as the configuration says. */
  readonly deploy: (cloud: 'aws' | 'google') => string
}

export type AboutOptions = Omit<About, 'account' | 'transferAgent'>

export function aboutOf(options: AboutOptions): About {
  const { bridge, clients } = options
  const { project } = bridge.google
  return {
    ...options,
    account: once(async () => bridge.aws.account ?? (await callerAccount(clients))),
    transferAgent: once(async () => {
      try {
        const [agent] = await clients.transfer.getGoogleServiceAccount({ projectId: project })
        return { email: agent.accountEmail ?? '', subjectId: agent.subjectId ?? '' }
      } catch (error) {
        if (troubleOf(error) !== 'no-credentials') throw error
        throw new NotChecked('who the transfer service agent is, only Google knows', signInToGoogle)
      }
    }),
  }
}

export const signInToGoogle = 'sign in: gcloud auth application-default login'

async function callerAccount({ sts }: Clients): Promise<string> {
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Account ?? ''
  } catch (error) {
    if (troubleOf(error) !== 'no-credentials') throw error
    throw new NotChecked(
      'the AWS account is not known',
      'set aws.account in the configuration, or sign in to AWS',
    )
  }
}

/** The same promise whenever it is asked for. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= work())
}
