import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { type AuthClient, UserRefreshClient } from 'google-auth-library'
import { type About, signInToGoogle } from './about.ts'
import { type Check, type Finding, fail, NotChecked, pass } from './check.ts'
import { shortMessage, troubleOf } from './trouble.ts'

const signInToAws =
  'sign in: aws sso login, or export AWS_PROFILE or AWS_ACCESS_KEY_ID; try aws sts get-caller-identity'

/** Whose AWS credentials are at hand. Checks in AWS come after it. */
export function awsCaller({ bridge, clients }: About): Check {
  const { account } = bridge.aws
  return {
    group: 'identity',
    what: 'AWS credentials',
    asks: 'sts:GetCallerIdentity, which everyone has',
    make: signInToAws,
    run: signingIn('AWS', signInToAws, async () => {
      const caller = await clients.sts.send(new GetCallerIdentityCommand({}))
      if (account === undefined || caller.Account === account)
        return pass(`${caller.Arn}, account ${caller.Account}`)
      return {
        ...fail(
          `${caller.Arn} is of account ${caller.Account}, and aws.account is ${account}`,
          `use credentials of account ${account}, or correct aws.account in the configuration`,
        ),
        stops: true,
      }
    }),
  }
}

/** Whose Google credentials are at hand. Checks in Google Cloud come after it. */
export function googleCaller({ bridge, clients: { google } }: About): Check {
  return {
    group: 'identity',
    what: 'Google credentials',
    asks: 'application default credentials',
    make: signInToGoogle,
    run: signingIn('Google', signInToGoogle, async () => {
      const token = await google.getAccessToken()
      const client = await google.getClient()
      const name =
        client instanceof UserRefreshClient
          ? await client.getTokenInfo(token ?? '').then(
              ({ email }) => email,
              () => undefined,
            )
          : (await google.getCredentials().catch(() => undefined))?.client_email
      const own = await google.getProjectId().catch(() => undefined)
      const { project } = bridge.google
      const projects =
        own === undefined || own === project ? `project ${project}` : `project ${own}; asks about ${project}`
      return pass(`${name ?? kindOf(client)}, ${projects}`)
    }),
  }
}

/** `ExternalAccountClient` is `external account`. */
function kindOf(client: AuthClient): string {
  const name = client.constructor.name.replace(/Client$/, '')
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
}

/** Having no credentials is nothing wrong with the bridge; having ones that do not work is to be mended. */
function signingIn(whose: string, fix: string, look: () => Promise<Finding>): Check['run'] {
  return async () => {
    try {
      return await look()
    } catch (error) {
      if (troubleOf(error) === 'no-credentials')
        throw new NotChecked(`no ${whose} credentials are at hand`, fix)
      return { ...fail(`they do not work: ${shortMessage(error)}`, fix), stops: true }
    }
  }
}
