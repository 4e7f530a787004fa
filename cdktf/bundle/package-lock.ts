import { z } from 'zod'

const names = z.record(z.string(), z.string()).default({})

/** An installed package, as far as it says what it needs. */
const entry = z.object({
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().default(false) })).default({}),
})
type Entry = z.infer<typeof entry>

/** https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json [2026-11] */
const lockFile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), z.unknown()) })

/** A package.json, as far as a lock file repeats it. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly engines: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
}

/**
 * The package-lock.json of a package whose dependencies are some of the project's: the same releases, by the same
 * checksums, in the same places as in the project, and nothing else. Asks no registry.
 * @param text the project's package-lock.json. @throws Error when it lacks one of them.
 */
export function lockFor(manifest: Manifest, text: string): string {
  const { lockfileVersion, packages } = lockFile.parse(JSON.parse(text))
  const places = new Set<string>()
  const visit = (from: string, { dependencies, ...others }: Partial<Entry>) => {
    const { optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = others
    const wanted = Object.keys({ ...dependencies, ...peerDependencies })
    for (const name of new Set([...wanted, ...Object.keys(optionalDependencies)])) {
      const place = placeOf(name, from, packages)
      if (place === undefined) {
        if (name in optionalDependencies || peerDependenciesMeta[name]?.optional) continue
        throw new Error(`package-lock.json has no ${name}, which ${from || manifest.name} needs: npm install`)
      }
      if (places.has(place)) continue
      places.add(place)
      visit(place, entry.parse(packages[place]))
    }
  }
  visit('', manifest)
  const { name, version, engines, dependencies } = manifest
  const installed = [...places].sort().map((place) => [place, packages[place]] as const)
  const own = {
    name,
    version,
    lockfileVersion,
    requires: true,
    packages: { '': { name, version, dependencies, engines }, ...Object.fromEntries(installed) },
  }
  return `${JSON.stringify(own, null, 2)}\n`
}

/** Where Node finds a package from within another: beside it, or beside one that it is within. */
function placeOf(
  name: string,
  from: string,
  packages: Readonly<Record<string, unknown>>,
): string | undefined {
  for (
    let within = from;
    ;
    within = within.slice(0, within.lastIndexOf('node_modules/')).replace(/\/$/, '')
  ) {
    const place = `${within && `${within}/`}node_modules/${name}`
    if (place in packages) return place
    if (within === '') return undefined
  }
}
