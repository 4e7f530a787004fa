import type { TerraformStack } from 'cdktf'

/** Uses another release of a provider than the one its bindings were made for. */
export function useProviderVersion(
  stack: TerraformStack,
  provider: 'aws' | 'google',
  version: string | undefined,
): void {
  if (version) stack.addOverride(`terraform.required_providers.${provider}.version`, version)
}
