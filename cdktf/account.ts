import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js'
import type { TerraformStack } from 'cdktf'
import type { Bridge } from '../functions/config/schema.ts'
import { awsProvider } from './aws/provider.ts'

/** The AWS account: the configuration's or, when it does not say, that of the credentials at hand. */
export function awsAccount(stack: TerraformStack, bridge: Bridge): string {
  if (bridge.aws.account) return bridge.aws.account
  // The AWS stack has the provider already.
  if (!stack.node.tryFindChild('aws')) awsProvider(stack, bridge)
  return new DataAwsCallerIdentity(stack, 'caller', {}).accountId
}
