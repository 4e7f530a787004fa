import { ConfigError } from '../functions/config/define-bridge.ts'
import type { Bridge } from '../functions/config/schema.ts'

/** The configuration of an environment. @throws ConfigError naming those there are, when there is no such one. */
export function bridgeIn(bridge: Bridge, environment: string | undefined): Bridge {
  if (environment === undefined) return bridge
  const found = Object.hasOwn(bridge.environments, environment) ? bridge.environments[environment] : undefined
  if (found) return found
  const names = Object.keys(bridge.environments).join(', ') || 'none'
  throw new ConfigError([`environments.${environment}: there is no such environment; there are: ${names}`])
}
