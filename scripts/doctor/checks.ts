import type { About } from './about.ts'
import { bucketChecks } from './bucket.ts'
import { landingChecks, ledgerChecks } from './buckets.ts'
import { type Check, groups } from './check.ts'
import { clockChecks } from './clock.ts'
import { freshnessCheck } from './freshness.ts'
import { awsCaller, googleCaller } from './identity.ts'
import { lineageCheck } from './lineage.ts'
import { queueChecks } from './queue.ts'
import { quotaChecks } from './quotas.ts'
import { retentionCheck } from './retention.ts'
import { roleChecks } from './role.ts'
import { subscriptionChecks } from './subscriptions.ts'
import { tableChecks } from './tables.ts'
import { transferJobCheck } from './transfer-job.ts'

/** Everything that is checked, in the order of the flow and, within a group, source by source. */
export function checksOf(about: About): Check[] {
  const aws = awsCaller(about)
  const google = googleCaller(about)
  const tables = tableChecks(about, google)
  const log = tables.find(({ what }) => what.startsWith('table ')) ?? google
  const ofSources = about.sources.flatMap((source) => [
    ...bucketChecks(about, source, aws),
    ...queueChecks(about, source, aws),
    ...roleChecks(about, source, aws),
    transferJobCheck(about, source, google),
  ])
  const all = [
    ...[aws, google, ...clockChecks(about)],
    ...ofSources,
    ...landingChecks(about, google),
    ...subscriptionChecks(about, google),
    ...ledgerChecks(about, google),
    ...tables,
    ...quotaChecks(about, google),
    retentionCheck(about, google),
    lineageCheck(about, google),
    ...about.sources.map((source) => freshnessCheck(about, source, log)),
  ]
  const order = Object.keys(groups)
  return all.toSorted((one, other) => order.indexOf(one.group) - order.indexOf(other.group))
}
