import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import type { Bridge } from '../../functions/config/schema.ts'
import { labelsOf } from '../labels.ts'
import { useProviderVersion } from '../provider-version.ts'

/** AWS, with whatever credentials the shell has; only in the account of the configuration, when it names one. */
export function awsProvider(stack: TerraformStack, bridge: Bridge): AwsProvider {
  const { region, account, provider } = bridge.aws
  const elsewhere = Object.keys(provider.endpoints).length > 0
  const made = new AwsProvider(stack, 'aws', {
    region,
    defaultTags: [{ tags: labelsOf(bridge) }],
    ...(account && { allowedAccountIds: [account] }),
    ...(elsewhere && {
      endpoints: [provider.endpoints],
      s3UsePathStyle: true,
      skipCredentialsValidation: true,
      skipMetadataApiCheck: 'true',
      skipRegionValidation: true,
    }),
  })
  useProviderVersion(stack, 'aws', provider.version)
  return made
}
