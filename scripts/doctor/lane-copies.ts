import type { Bridge } from '../../functions/config/schema.ts'
import { landingPath, landingPrefix, lanesPrefix } from '../../functions/model/landing-name.ts'
import type { About } from './about.ts'
import { type Check, finding, type Problem, warn } from './check.ts'

/** Copies of a lane that was removed: no subscription takes what announces them. */
export function laneCopiesCheck({ bridge, clients, deploy }: About, landing: Check): Check {
  const { landingBucket } = bridge.google
  return {
    group: 'finalize',
    what: 'lanes of landed objects',
    make: deploy('google'),
    after: landing,
    asks: `storage.objects.list on ${landingBucket}`,
    run: async () => {
      // One call: what is in a lane is rolled up into the lane's path.
      const query = { prefix: lanesPrefix, delimiter: '/', autoPaginate: false }
      const [, , page] = await clients.storage.bucket(landingBucket).getFiles(query)
      const { prefixes = [] } = page as { readonly prefixes?: readonly string[] }
      return finding(judgeLaneCopies(prefixes, bridge), 'each has a subscription')
    },
  }
}

/** @param paths what the names of copies begin with, one path for each lane there are copies of. */
export function judgeLaneCopies(paths: readonly string[], { google }: Pick<Bridge, 'google'>): Problem[] {
  const known = Object.keys(google.lanes).map(landingPath)
  return paths
    .filter((path) => !known.includes(path))
    .map((path) =>
      warn(
        `copies lie in ${path}, and there is no such lane: those it had not loaded wait for nobody`,
        `gcloud storage mv --no-clobber 'gs://${google.landingBucket}/${path}*' gs://${google.landingBucket}/${landingPrefix} (the live lane hears of them, and loads what was not loaded)`,
      ),
    )
}
