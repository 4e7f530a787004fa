import { ConfigError, defineBridge } from '../../functions/config/define-bridge.ts'
import type { BridgeInput } from '../../functions/config/schema.ts'

/** The faults of a configuration. */
export function faultsOf(input: unknown): readonly string[] {
  try {
    // What a configuration without types may hold.
    defineBridge(input as BridgeInput)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}
