/** Several environments of one configuration: how one differs, and where two would meet. */
import type { Bridge, EnvironmentInput } from './schema.ts'

/** A configuration before it is checked, as far as environments need to know it. */
export interface UncheckedBridge {
  readonly name?: string | undefined
  readonly aws: object
  readonly google: object
  readonly sources: Readonly<Record<string, object>>
  readonly environments?: Readonly<Record<string, EnvironmentInput>>
}

/** The configuration of an environment: its own settings over those of the main configuration. */
export function inEnvironment(input: UncheckedBridge, name: string, own: EnvironmentInput): UncheckedBridge {
  const main = withoutEnvironments(input)
  const names = new Set([...Object.keys(main.sources), ...Object.keys(own.sources ?? {})])
  const sources = [...names].map((source) => [source, { ...main.sources[source], ...own.sources?.[source] }])
  return {
    ...main,
    name: `${main.name ?? 'causeway'}-${name}`,
    ...own,
    aws: { ...main.aws, ...own.aws },
    google: { ...main.google, ...own.google },
    sources: Object.fromEntries(sources),
  }
}

/** The main configuration alone. */
export function withoutEnvironments(input: UncheckedBridge): UncheckedBridge {
  const { environments: _, ...main } = input
  return main
}

/** Where environments would take each other's resources, as faults. */
export function collisions(bridges: ReadonlyMap<string, Bridge>): string[] {
  const pairs = [...bridges].flatMap((one, index) =>
    [...bridges].slice(index + 1).map((other) => [one, other] as const),
  )
  return pairs.flatMap(([[first, one], [second, other]]) => {
    const of = first || 'the main configuration'
    const shared = resourcesOf(one).filter((mine) => resourcesOf(other).some(({ id }) => id === mine.id))
    return shared.map(
      ({ path, id }) => `environments.${second}.${path}: ${id} is that of ${of} too; make it differ`,
    )
  })
}

/** What no two environments may share. A bucket that exists may be read by both, unless one owns its notification. */
function resourcesOf(bridge: Bridge): { path: string; id: string }[] {
  const { name, google, dataset, stateDataset, sources } = bridge
  return [
    { path: 'name', id: `name ${name}` },
    { path: 'google.landingBucket', id: `gs://${google.landingBucket}` },
    { path: 'google.ledgerBucket', id: `gs://${google.ledgerBucket}` },
    { path: 'dataset', id: `dataset ${google.project}.${dataset}` },
    { path: 'stateDataset', id: `dataset ${google.project}.${stateDataset}` },
    ...sources.filter(ownsNotification).map((source) => ({
      path: `sources.${source.name}.bucket`,
      id: `s3://${source.bucket}`,
    })),
  ]
}

function ownsNotification({ makeBucket, notification }: Bridge['sources'][number]): boolean {
  return makeBucket || (typeof notification === 'object' && 'adopt' in notification)
}
