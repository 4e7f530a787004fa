import type { FormatName } from '../parse/formats.ts'
import { deploymentFaults } from './deployment-faults.ts'
import { collisions, inEnvironment, type UncheckedBridge, withoutEnvironments } from './environments.ts'
import { faultLines, faultText } from './fault-text.ts'
import { type Bridge, type BridgeInput, bridgeSchema, type Source } from './schema.ts'
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
  const Formats extends Readonly<Record<string, FormatName>>,
  const Declared extends Readonly<Record<string, unknown>>,
>(input: BridgeInput<Formats, Declared>): Bridge {
  // Untyped configurations exist: nothing at all is a fault like any other.
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

/** One environment's configuration: valid, or why not. */
function check(input: UncheckedBridge): { bridge?: Bridge; faults: readonly string[] } {
  const result = bridgeSchema.safeParse(input, { error: faultText })
  const names = badNames(input?.sources)
  if (!result.success) return { faults: [...result.error.issues.flatMap(faultLines), ...names] }
  const sources = Object.entries(result.data.sources).map(([name, source]) => ({ name, ...source }))
  const bridge = { ...result.data, sources, environments: {} }
  const faults = [
    ...names,
    ...noSources(sources),
    ...overlaps(sources),
    ...shared(result.data),
    ...sources.flatMap(sourceFaults),
    ...deploymentFaults(bridge),
  ]
  return { bridge, faults }
}

/** No underscore: a source named `a_b` would have its tables read by `logs.a_*`. */
function badNames(sources: object | undefined): string[] {
  return Object.keys(Array.isArray(sources) ? {} : (sources ?? {}))
    .filter((name) => !/^[a-z][a-z0-9]{0,30}$/.test(name))
    .map((name) => `sources.${name}: is no source name: a-z, then a-z and 0-9, at most 31 characters`)
}

function noSources(sources: readonly Source[]): string[] {
  return sources.length === 0 ? ['sources: there must be at least one'] : []
}

/** S3 refuses notifications that overlap, and an object must have one source. */
function overlaps(sources: readonly Source[]): string[] {
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

function nestedEnd(one: Source, other: Source): boolean {
  return one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix)
}

/** Names that must not be those of something else. */
function shared({ dataset, stateDataset, google }: Omit<Bridge, 'sources' | 'environments'>): string[] {
  const { landingBucket, ledgerBucket } = google
  return [
    ...(dataset === stateDataset ? [`stateDataset: must differ from dataset (${dataset})`] : []),
    ...(landingBucket === ledgerBucket
      ? [`google.ledgerBucket: must differ from landingBucket (${landingBucket}), which is emptied by and by`]
      : []),
  ]
}
