import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import { functionRegion } from '../../functions/config/locations.ts'
import type { Bridge } from '../../functions/config/schema.ts'
import { labelsOf } from '../labels.ts'
import { useProviderVersion } from '../provider-version.ts'

/** Google Cloud, with whatever credentials the shell has. */
export function googleProvider(stack: TerraformStack, bridge: Bridge): GoogleProvider {
  const { project, provider } = bridge.google
  const made = new GoogleProvider(stack, 'google', {
    project,
    region: functionRegion(bridge.google),
    defaultLabels: labelsOf(bridge),
  })
  for (const [service, address] of Object.entries(provider.endpoints)) {
    made.addOverride(`${service}_custom_endpoint`, address)
  }
  useProviderVersion(stack, 'google', provider.version)
  return made
}
