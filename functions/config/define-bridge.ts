import type { z } from 'zod'
import { deploymentFaults } from './deployment-faults.ts'
import { collisions, inEnvironment, type UncheckedBridge, withoutEnvironments } from './environments.ts'
import { faultLines, faultText } from './fault-text.ts'
import { type Bridge, type BridgeInput, bridgeSchema, type Source, sourceSchema } from './schema.ts'
import { sourceFaults } from './source-faults.ts'

/** A configuration with faults: all of them, each with its path. */
export class ConfigError extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(
      `The bridge configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    )
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/**
 * Checks a configuration and fills in its defaults, in every environment it describes.
 * @throws ConfigError naming every fault and its path, not just the first.
 */
export function defineBridge<
  const Formats extends Readonly<Record<string, unknown>>,
  const Declared extends Readonly<Record<string, unknown>>,
>(input: BridgeInput<Formats, Declared>): Bridge {
  // Configurations may be untyped: a missing one is a fault like any other.
  const main = check(input && withoutEnvironments(input))
  const bridges = new Map<string, Bridge>()
  const faults = [...main.faults]
  for (const [name, different] of Object.entries(input?.environments ?? {})) {
    const { bridge, faults: found } = check(inEnvironment(input, name, different))
    if (!/^[a-z][a-z0-9]{0,11}$/.test(name))
      faults.push(`environments.${name}: is no name: a-z, then a-z and 0-9, at most 12 characters`)
    const path = (fault: string) => `environments.${name}.${fault}`
    faults.push(...found.filter((fault) => !main.faults.includes(fault)).map(path))
    if (bridge) bridges.set(name, bridge)
  }
  if (main.bridge) faults.push(...collisions(new Map([['', main.bridge], ...bridges])))
  if (faults.length > 0 || !main.bridge) throw new ConfigError(faults)
  return { ...main.bridge, environments: Object.fromEntries(bridges) }
}

/** What decides which keys a source takes. */
type Place = Pick<Source, 'name' | 'bucket' | 'prefix' | 'suffix'>
const placeSchema = sourceSchema.pick({ bucket: true, prefix: true, suffix: true }).strip()
const bucketsSchema = bridgeSchema.shape.google.pick({ landingBucket: true, ledgerBucket: true }).strip()
const datasetsSchema = bridgeSchema.pick({ dataset: true, stateDataset: true }).strip()

/**
 * Checks one environment's configuration. A part with faults of its own takes no part in the checks across parts; the
 * others do.
 */
function check(input: UncheckedBridge): { bridge?: Bridge; faults: readonly string[] } {
  const result = bridgeSchema.safeParse(input, { error: faultText })
  const given = Object.entries(Array.isArray(input?.sources) ? {} : (input?.sources ?? {}))
  const sources = given.flatMap(([name, source]) => named(name, sourceSchema.safeParse(source)))
  const places = given.flatMap(([name, source]) => named(name, placeSchema.safeParse(source)))
  const sound = given.filter(([name]) => sources.some((source) => source.name === name))
  const deployed = bridgeSchema.safeParse({ ...input, sources: Object.fromEntries(sound) })
  const datasets = datasetsSchema.safeParse(input)
  const buckets = bucketsSchema.safeParse(input?.google)
  const faults = [
    ...(result.error?.issues.flatMap(faultLines) ?? []),
    ...badNames(given.map(([name]) => name)),
    ...(result.success ? noSources(sources) : []),
    ...overlaps(places),
    ...(datasets.success ? sameDataset(datasets.data) : []),
    ...(buckets.success ? sameBucket(buckets.data) : []),
    ...sources.flatMap(sourceFaults),
    ...(deployed.success ? deploymentFaults({ ...deployed.data, sources }) : []),
  ]
  return { faults, ...(result.success && { bridge: { ...result.data, sources, environments: {} } }) }
}

function named<T>(name: string, result: z.ZodSafeParseResult<T>): (T & { readonly name: string })[] {
  return result.success ? [{ name, ...result.data }] : []
}

/** No underscore: a source named `a_b` would have its tables read by `logs.a_*`. */
function badNames(names: readonly string[]): string[] {
  return names
    .filter((name) => !/^[a-z][a-z0-9]{0,30}$/.test(name))
    .map((name) => `sources.${name}: is no source name: a-z, then a-z and 0-9, at most 31 characters`)
}

function noSources(sources: readonly unknown[]): string[] {
  return sources.length === 0 ? ['sources: there must be at least one'] : []
}

/** S3 refuses notifications that overlap, and an object must have one source. */
function overlaps(sources: readonly Place[]): string[] {
  return sources.flatMap((one, index) =>
    sources
      .slice(index + 1)
      .filter(
        (other) => one.bucket === other.bucket && nested(one.prefix, other.prefix) && nestedEnd(one, other),
      )
      .map(
        (other) =>
          `sources.${other.name}: takes keys of bucket ${one.bucket} that sources.${one.name} takes too; make prefix or suffix differ`,
      ),
  )
}

function nested(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one)
}

function nestedEnd(one: Place, other: Place): boolean {
  return one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix)
}

function sameDataset({ dataset, stateDataset }: Pick<Bridge, 'dataset' | 'stateDataset'>): string[] {
  return dataset === stateDataset ? [`stateDataset: must differ from dataset (${dataset})`] : []
}

function sameBucket({ landingBucket, ledgerBucket }: z.infer<typeof bucketsSchema>): string[] {
  return landingBucket === ledgerBucket
    ? [`google.ledgerBucket: must differ from landingBucket (${landingBucket}), which is emptied by and by`]
    : []
}
