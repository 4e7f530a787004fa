import type { App } from 'cdktf'
import type { Bridge } from '../functions/config/schema.ts'
import { AwsStack } from './aws/aws-stack.ts'
import { GoogleStack } from './google/google-stack.ts'
import { needHashKey } from './google/hash-key.ts'

/**
 * Both stacks of a bridge. Neither reads the other's state, so each can be planned and applied alone: names are
 * agreed on, and the one fact a stack needs of the other cloud (an account number, a subject id) it takes from the
 * configuration or asks that cloud for. When both are deployed together AWS goes first: a transfer job is only
 * accepted when its role and queue are there.
 * @throws ConfigError when something is missing that only a deployment needs.
 */
export function addStacks(
  app: App,
  bridge: Bridge,
  functionZip: string,
): { aws: AwsStack; google: GoogleStack } {
  needHashKey(bridge)
  const aws = new AwsStack(app, `${bridge.name}-aws`, bridge)
  const google = new GoogleStack(app, `${bridge.name}-google`, bridge, functionZip)
  google.addDependency(aws)
  return { aws, google }
}
