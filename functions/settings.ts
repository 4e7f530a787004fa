import { z } from 'zod'
import { ConfigError } from './config/define-bridge.ts'

const address = z.string().regex(/^[^:/]+:\d{1,5}$/, 'must be host:port')

/** `localhost:9050` would pass for a URL, of the scheme localhost. */
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })

/** Everything the functions read from their environment: nothing else does. */
const environmentSchema = z.object({
  /** Writes to this plaintext address instead of the Storage Write API: the local bridge, or an emulator. */
  CAUSEWAY_BIGQUERY_WRITE_ENDPOINT: address.optional(),
  /** The configuration module to load instead of the bundled `bridge.config.ts`: an absolute path. */
  CAUSEWAY_CONFIG: z.string().optional(),
  BIGQUERY_EMULATOR_HOST: httpUrl.optional(),
  STORAGE_EMULATOR_HOST: httpUrl.optional(),
  /** The most instances there can be: they share BigQuery's quota of streams. */
  CAUSEWAY_MAX_INSTANCES: z.coerce.number().int().min(1).default(10),
  /** Seconds after which an object claimed by an instance that did not finish it may be taken over by another. */
  CAUSEWAY_LEASE_SECONDS: z.coerce.number().min(1).default(60),
  /** Key of the hashes that sources redact values to: a secret, so that nobody can try values out. */
  CAUSEWAY_HASH_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** Set by Cloud Run: the name of this revision. */
  K_REVISION: z.string().default('local'),
})

/** The functions' settings, validated. */
export interface Settings {
  readonly bigqueryWriteEndpoint: string | undefined
  readonly configPath: string | undefined
  readonly maxInstances: number
  /** Milliseconds. */
  readonly leaseMs: number
  /** Never to be logged. */
  readonly hashKey: string | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly revision: string
}

/** @throws ConfigError naming every faulty variable. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const result = environmentSchema.safeParse(environment)
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map((issue) => `environment ${issue.path.join('.')}: ${issue.message}`),
    )
  }
  const read = result.data
  return {
    bigqueryWriteEndpoint: read.CAUSEWAY_BIGQUERY_WRITE_ENDPOINT,
    configPath: read.CAUSEWAY_CONFIG,
    maxInstances: read.CAUSEWAY_MAX_INSTANCES,
    leaseMs: read.CAUSEWAY_LEASE_SECONDS * 1000,
    hashKey: read.CAUSEWAY_HASH_KEY,
    logLevel: read.LOG_LEVEL,
    revision: read.K_REVISION,
  }
}
