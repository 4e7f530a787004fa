/** What must agree between settings of the deployment, as faults with their paths. */

import { liveLane } from '../model/landing-name.ts'
import { locationFaults } from './locations.ts'
import { refusedSettings } from './refused-settings.ts'
import type { Bridge, DeployedSource } from './schema.ts'

export function deploymentFaults(bridge: Omit<Bridge, 'environments'>): string[] {
  const { google, aws, sources } = bridge
  return [
    ...locationFaults(google, aws),
    ...laneFaults(bridge),
    ...sources.flatMap(bucketFaults),
    ...sharedBuckets(sources),
    ...retentionFaults(google),
    ...refusedSettings(bridge),
  ]
}

function laneFaults({ google: { lanes }, sources }: Omit<Bridge, 'environments'>): string[] {
  const bad = Object.keys(lanes).filter((lane) => !/^[a-z][a-z0-9]{0,9}$/.test(lane) || lane === liveLane)
  const unknown = sources.filter(({ lane }) => lane !== liveLane && !Object.hasOwn(lanes, lane))
  return [
    ...bad.map(
      (lane) => `google.lanes.${lane}: is no lane name: a-z and 0-9, at most 10, and not ${liveLane}`,
    ),
    ...unknown.map(
      ({ name, lane }) => `sources.${name}.lane: there is no google.lanes.${lane}; add it or leave this out`,
    ),
  ]
}

function bucketFaults({ name, makeBucket, notification }: DeployedSource): string[] {
  return makeBucket && notification !== undefined
    ? [`sources.${name}.notification: is for a bucket that exists; of a bucket made here it is made too`]
    : []
}

/** A bucket has one notification configuration and one key, however many sources read it. */
function sharedBuckets(sources: readonly DeployedSource[]): string[] {
  return sources.flatMap((source, index) => {
    const first = sources.slice(0, index).find(({ bucket }) => bucket === source.bucket)
    if (!first) return []
    const faults = (['makeBucket', 'bucketKey'] as const)
      .filter((setting) => first[setting] !== source[setting])
      .map(
        (setting) => `sources.${source.name}.${setting}: must be that of sources.${first.name}, same bucket`,
      )
    const same = JSON.stringify(first.notification) === JSON.stringify(source.notification)
    if (!same)
      faults.push(`sources.${source.name}.notification: must be that of sources.${first.name}, same bucket`)
    return faults
  })
}

/**
 * What comes late by itself must be remembered: an event waits in SQS up to 10 days, then 14 as a dead letter, and its
 * copy is there for landingDays. What people bring back, by copying or publishing it again, has no such end: a loader
 * whose ledger forgets refuses what was uploaded longer ago than that.
 */
function retentionFaults({ ledgerDays, landingDays }: Bridge['google']): string[] {
  return ledgerDays !== undefined && ledgerDays < landingDays + 24
    ? [
        `google.ledgerDays: must be at least landingDays + 24 (${landingDays + 24}), as events wait up to 24 days in AWS; or leave it out, to keep the ledger for ever`,
      ]
    : []
}
